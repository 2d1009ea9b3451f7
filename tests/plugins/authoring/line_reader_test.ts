import { expect } from "expect";
import { z } from "zod";
import type { ExampleRecord } from "../../../core/dataset.ts";
import { openContext } from "../../../core/host/open_context.ts";
import { defineLineReader } from "../../../plugins/authoring/line_reader.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const text = z.string();
const pairs = defineLineReader({
  name: "pairs",
  line: z.object({ photo: text, said: z.array(text), foil: text, denied: z.array(text) }),
  example: ({ photo, said }) => ({ id: photo, captions: said }),
  negative: ({ foil, denied }) => ({ id: foil, captions: denied }),
});
const photos = new URL("../../data/photos", import.meta.url).pathname;

async function open(lines: readonly unknown[]) {
  return await withFolder(async (folder) => {
    const path = `${folder}/pairs.jsonl`;
    await Deno.writeTextFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    using context = openContext();
    const data = await pairs({ path, images: photos }).open(context);
    const sizes = await Promise.all([data.size(0), data.negatives!.size(0)]);
    return { data, sizes, path, print: await data.fingerprint() };
  });
}

const [first, second] = [...Deno.readDirSync(photos)].map(({ name }) => name)
  .filter((name) => /\.(jpe?g|png|webp)$/.test(name)).toSorted();
const line = { photo: first, said: ["a", "b"], foil: second, denied: ["c"] };

Deno.test("defineLineReader: lines with their negatives; what lacks something is left out of both and told", async () => {
  const bare = { ...line, said: [] };
  const { data, sizes, path, print } = await open([
    bare,
    line,
    { ...line, denied: [] },
    { ...line, foil: "" },
    { ...line, photo: second, said: ["d"], foil: first },
  ]);
  expect([data.length, data.negatives!.length]).toEqual([2, 2]);
  expect([0, 1].map((i) => data.record(i))).toEqual([
    { id: first, captions: ["a", "b"] },
    { id: second, captions: ["d"] },
  ]);
  expect([0, 1].map((i) => data.negatives!.record(i).id)).toEqual([second, first]);
  expect(sizes.every(({ width }) => width > 0)).toBe(true);
  expect(data.faults).toEqual([
    { where: `${path}, line 1`, reason: `expected a caption of ${first}, found none` },
    { where: `${path}, line 3`, reason: `expected a caption of ${second}, found none` },
    { where: `${path}, line 4`, reason: "expected the path of a picture, found none" },
  ]);
  // It changes with what is read of either, and with nothing else.
  const other = { ...line, photo: second, said: ["d"], foil: first };
  expect((await open([line, other])).print).toBe(print);
  expect((await open([{ ...line, denied: ["e"] }, other])).print).not.toBe(print);
});

Deno.test("defineLineReader: refuses lines of another form, and files of which nothing can be used", async () => {
  await expect(open([line, { ...line, said: "a" }])).rejects.toThrow(
    /pairs\.jsonl, line 2, \["said"\]: expected a list, found "a"/,
  );
  await expect(open([{ ...line, said: [] }])).rejects.toThrow(
    `pairs.jsonl, line 1: expected a caption of ${first}, found none; no line can be used`,
  );
  await expect(open([])).rejects.toThrow("expected lines, found none; no line can be used");
  expect(() => pairs({ path: "a.jsonl" })).toThrow("pairs.images: expected");
});

Deno.test("defineLineReader: blank captions and what is no Unicode are left out and told, as lines without any", async () => {
  const { data, path } = await open([
    { ...line, said: ["a", " "] },
    line,
    { ...line, denied: ["c", "\ud800"] },
    { ...line, photo: " " },
  ]);
  expect(data.length).toBe(1);
  expect(data.faults).toEqual([
    { where: `${path}, line 1`, reason: `expected captions of ${first}, found a blank one` },
    { where: `${path}, line 3`, reason: "expected Unicode, found half of a surrogate pair" },
    { where: `${path}, line 4`, reason: "expected the path of a picture, found none" },
  ]);
});

Deno.test("defineLineReader: lines with one path have one picture", async () => {
  const other = { ...line, photo: second, said: ["d"] };
  const { data } = await open([line, other, { ...other, said: ["e"] }, { ...line, said: ["f"] }]);
  expect([0, 1, 2, 3].map((i) => data.pictureOf!(i))).toEqual([0, 1, 1, 0]);
  // All negatives are one picture.
  expect([0, 1, 2, 3].map((i) => data.negatives!.pictureOf!(i))).toEqual([0, 0, 0, 0]);
  // Where each has its own there is nothing to say.
  expect((await open([line, other])).data.pictureOf).toBeUndefined();
});

Deno.test("defineLineReader: what example throws, or gives in the place of a record, is told with file and line", async () => {
  const opened = (example: unknown) =>
    withFolder(async (folder) => {
      const path = `${folder}/pairs.jsonl`;
      await Deno.writeTextFile(path, `\n${JSON.stringify(line)}\n`);
      using context = openContext();
      const reader = defineLineReader({
        name: "wrong",
        line: z.object({ photo: text }),
        example: example as () => ExampleRecord,
      });
      await reader({ path, images: photos }).open(context);
    });
  const failing = () => {
    throw new Error("no such photo");
  };
  await expect(opened(failing)).rejects.toThrow(/pairs\.jsonl, line 2: no such photo$/);
  // One text is no list of texts.
  for (
    const record of [undefined, { id: "a" }, { id: 1, captions: [] }, { id: "a", captions: "b" }]
  ) {
    await expect(opened(() => record)).rejects.toThrow(
      /line 2: expected an example, \{ id, captions: \[…\] \} of texts, found /,
    );
  }
});
