import { expect } from "expect";
import { openContext } from "../../../../core/host/open_context.ts";
import {
  isChanged,
  listedCaptions,
  type Matches,
  matchTable,
  shownItems,
} from "../../../../plugins/app/match/format_matches.ts";
import { matchItems } from "../../../../plugins/app/match/match_items.ts";
import { matchModel } from "../../../../plugins/app/match/match_model.ts";
import { matchPage } from "../../../../plugins/app/match/match_page.ts";
import { loadModel } from "../../../../plugins/app/models/load_model.ts";
import { runCommand as run } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const pictures = new URL("../../../../examples/triplet/testdata", import.meta.url).pathname;
const choices = ["a red circle", "a blue square", "a green star"];

Deno.test("match: tells which caption fits, as a table, as JSON and on a page", () =>
  withFolder(async (folder) => {
    const args = ["match", "tiny", pictures, "--captions", ...choices, "--device", "cpu"];
    const { code, out, err } = await run(...args, "--top", "1", "--page", `${folder}/page.html`);
    expect(code === 0 ? "" : err).toBe("");
    expect(out.split("\n").map((line) => line.split(/\s{2,}/))).toEqual([
      ["picture", "caption", "cosine", "belief"],
      ["blue.png", "a blue square", expect.any(String), expect.any(String), "best"],
      ["red.png", "a red circle", expect.any(String), expect.any(String), "best"],
      [""],
    ]);
    const page = await Deno.readTextFile(`${folder}/page.html`);
    expect(page.match(/<img alt="" src="data:image\/png;base64,/g)).toHaveLength(2);
    expect(page).toContain('<th scope="row">a blue square</th>');
    expect(page).not.toContain("a green star");

    // The numbers are the library's.
    const { out: json } = await run(...args, "--json");
    const found = JSON.parse(json);
    expect(found[1].picture).toBe(`${pictures}/red.png`);
    await using model = await loadModel("tiny", { device: "cpu", log: () => {} });
    const { cosines } = await model.similarity([`${pictures}/red.png`], choices);
    found[1].models[0].cosines.forEach((cosine: number, i: number) =>
      expect(cosine).toBeCloseTo(cosines[0]![i]!, 6)
    );
  }));

Deno.test("match: of two models the pictures that get another caption; a table's pictures have their own", () =>
  withFolder(async (folder) => {
    // A model that takes red for blue and blue for red.
    {
      await using model = await loadModel("tiny", { device: "cpu", log: () => {} });
      const id = (word: string) => model.towers.tokenizer.encode(word, 64)[1]!;
      const table = model.parameters.get("token_embedding.weight")!;
      const values = await table.read() as Float32Array;
      const width = table.shape[1]!;
      const row = (word: string) => values.slice(id(word) * width, (id(word) + 1) * width);
      const [red, blue] = [row("red"), row("blue")];
      values.set(red, id("blue") * width);
      values.set(blue, id("red") * width);
      table.write(values);
      await model.save(`${folder}/other`);
    }
    const rows = [
      "red.png,a red circle",
      "red.png,a blue circle",
      "blue.png,a star",
      "blue.png,a blue square",
    ];
    await Deno.writeTextFile(`${folder}/items.csv`, `filepath,caption\n${rows.join("\n")}\n`);
    for (const name of ["red.png", "blue.png"]) {
      await Deno.copyFile(`${pictures}/${name}`, `${folder}/${name}`);
    }
    const { code, out, err } = await run(
      ...["match", "tiny", `captions:${folder}/items.csv`, "--device", "cpu"],
      ...["--with", `${folder}/other`, "--changed"],
    );
    expect(code === 0 ? "" : err).toBe("");
    const lines = out.trimEnd().split("\n");
    expect(lines.slice(0, 2)).toEqual(["1: tiny", `2: ${folder}/other`]);
    expect(lines.at(-1)).toBe("1 of 2 pictures get another caption");
    expect(lines.slice(3, 5).map((line) => line.split(/\s{2,}/)[1]))
      .toEqual(["a red circle", "a blue circle"]);
  }));

/** Two models on two items with three captions: they agree on the first alone. */
const found: Matches = {
  models: ["one", "two"],
  items: ["a.jpg", "b.jpg"].map((picture) => ({
    ...{ picture, captions: ["x", "y", "z"] },
    read: () => Promise.reject(new Error("not to be read")),
  })),
  matches: [
    [match([0.1, 0.3, 0.2]), match([0.1, 0.3, 0.2])],
    [match([0.0, 0.9, 0.1]), match([0.9, 0.0, 0.1])],
  ],
};

function match(cosines: readonly number[]) {
  return { cosines, beliefs: cosines, best: cosines.indexOf(Math.max(...cosines)) };
}

Deno.test("isChanged, shownItems, listedCaptions: what models disagree on, their choices always listed", () => {
  expect([isChanged(found, 0), isChanged(found, 1)]).toEqual([false, true]);
  expect(shownItems(found, true)).toEqual([1]);
  expect(shownItems(found, false)).toEqual([0, 1]);
  expect(listedCaptions(found, 0, 1)).toEqual([1]);
  // By the first model y, z, x: x is the second model's choice.
  expect(listedCaptions(found, 1, 1)).toEqual([1, 0]);
  expect(listedCaptions(found, 1, 5)).toEqual([1, 2, 0]);
  expect(matchTable(found, [], 5)).toBe("1: one\n2: two\n1 of 2 pictures get another caption\n");
});

Deno.test("matchPage: nothing in a caption or a name becomes markup", async () => {
  using context = openContext(() => {});
  const raster = { width: 1, height: 1, data: new Uint8Array(3) };
  const hostile = '<script>alert(1)</script>"';
  const items = [{
    picture: hostile,
    captions: [hostile, "b"],
    read: () => Promise.resolve(raster),
  }];
  const page = await matchPage(
    { models: [hostile], items, matches: [[match([1, 0])]] },
    [0],
    5,
    context,
  );
  expect(page).not.toContain("<script>");
  expect(page).toContain("&lt;script&gt;");
});

Deno.test("matchItems: what leaves no choice is refused by its picture", async () => {
  using context = openContext(() => {});
  await expect(matchItems(["a.jpg"], ["x"], context)).rejects
    .toThrow('a.jpg: expected at least two captions to choose from, found "x"');
  await withFolder(async (folder) => {
    await expect(matchItems([folder], choices, context)).rejects.toThrow("expected pictures");
  });
  await using model = await loadModel("tiny", { device: "cpu", log: () => {} });
  const items = await matchItems(["/nowhere/a.jpg"], choices, context);
  await expect(matchModel(model, model.encoder, items)).rejects.toThrow("/nowhere/a.jpg");
  const { code, err } = await run("match", "tiny", "a.jpg", "--captions", "a", "b", "--changed");
  expect({ code, err }).toEqual({
    code: 2,
    err: "error: --changed is of two models: expected --with <weights> too\n",
  });
});
