import { expect } from "expect";
import { createHash } from "node:crypto";
import { type DataSet, firstWithPicture } from "../../../../core/dataset.ts";
import { createAssets } from "../../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../../core/host/images/pool.ts";
import {
  type CaptionsOptions,
  captionsSchema,
} from "../../../../plugins/captions/caption_options.ts";
import { captions } from "../../../../plugins/captions/captions.ts";
import { createFaultList } from "../../../../plugins/captions/rows/fault_list.ts";
import { keepRows } from "../../../../plugins/captions/rows/keep_rows.ts";
import { createNumberRows } from "../../../../plugins/captions/rows/number_rows.ts";
import { createTextRows } from "../../../../plugins/captions/rows/text_rows.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

/** Opens with a cache, or without one, and tells what was said. */
async function open(folder: string, options: Partial<CaptionsOptions> = {}, cached = true) {
  using images = createPicturePool({ workers: 0 });
  const lines: string[] = [];
  const { cache, ...assets } = createAssets({ cache: `${folder}/cache`, offline: true });
  const data = await captions({ path: `${folder}/rows.csv`, ...options }).open({
    assets: cached ? { ...assets, cache: cache! } : assets,
    images,
    log: (line) => void lines.push(line),
  });
  return { data, lines };
}

/** A hash of all records: `toEqual` takes its time over many. */
function hashOf(data: DataSet): string {
  const hash = createHash("sha256");
  for (let i = 0; i < data.length; i++) hash.update(JSON.stringify(data.record(i)));
  return hash.digest("hex");
}

const ROWS = 12_000;
const padding = "x".repeat(2800);

/** 34 MB: rows that cannot be used, pictures that come again, and long captions. */
async function write(path: string, last: string): Promise<void> {
  const rows = Array.from({ length: ROWS }, (_, i) => {
    if (i % 1000 === 999) return `${i}.jpg,\n`;
    return `${i % 100 === 5 ? 7 * i % ROWS : i}.jpg,"${i} ${padding}"\n`;
  });
  await Deno.writeTextFile(path, `filepath,caption\n${rows.join("")}${last}`);
}

Deno.test({
  name: "captions: a large table is read once, and again when it has changed",
  // An index is open as long as its data set is.
  sanitizeResources: false,
  fn: () =>
    withFolder(async (folder) => {
      const path = `${folder}/rows.csv`;
      await write(path, "");
      const plain = await open(folder, {}, false);
      const first = await open(folder);
      const second = await open(folder);
      expect(plain.data.faults).toHaveLength(12);
      for (const { data } of [first, second]) {
        expect(data.faults).toEqual(plain.data.faults);
        expect(data.name).toBe(plain.data.name);
        expect(hashOf(data)).toBe(hashOf(plain.data));
        expect(await data.fingerprint()).toBe(await plain.data.fingerprint());
      }
      expect(first.lines).toEqual([
        ...plain.lines,
        expect.stringContaining("their index is kept in"),
      ]);
      expect(second.lines).toEqual(plain.lines);
      // Each caption an example of its own, from the same index.
      const each = await open(folder, { examples: "captions" });
      expect(each.lines).toEqual(plain.lines);
      // One caption a picture, but for those whose picture came again.
      const count = ROWS - plain.data.faults.length;
      expect(each.data.length).toBe(count);
      for (const index of [0, 5000, count - 1]) {
        const { id, captions } = each.data.record(index);
        const [picture, which] = id.split("#");
        const place = firstWithPicture(each.data, index);
        const own = each.data.pictureOf!(index);
        expect(place).toBe(own);
        expect(Number(which)).toBe(index - own + 1);
        expect(captions[0]!.length).toBeGreaterThan(2800);
        expect(picture).toMatch(/^\d+\.jpg$/);
      }
      // Another table of the same name, and one of the same size.
      await write(path, "last.jpg,a last one\n");
      const longer = await open(folder);
      expect(longer.data.length).toBe(plain.data.length + 1);
      const text = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, text.replace("a last one", "a lost one"));
      const changed = await open(folder);
      expect(changed.data.record(longer.data.length - 1).captions).toEqual(["a lost one"]);
    }),
});

Deno.test({
  name: "captions: an index that was damaged is made again",
  sanitizeResources: false,
  fn: () =>
    withFolder(async (folder) => {
      await write(`${folder}/rows.csv`, "");
      const { data } = await open(folder);
      const before = data.record(11_000);
      const [entry] = (await Array.fromAsync(Deno.readDir(`${folder}/cache/captions`)))
        .filter(({ name }) => name.endsWith(".rows"));
      const index = `${folder}/cache/captions/${entry!.name}`;
      const { size } = await Deno.stat(index);
      for (const damage of ["cut", "empty", "other"]) {
        if (damage === "cut") await Deno.truncate(index, size - 5);
        if (damage === "empty") await Deno.truncate(index, 0);
        if (damage === "other") await Deno.writeTextFile(index, "syntagma rows 0\n".repeat(10));
        const again = await open(folder);
        expect(again.lines.at(-1)).toContain("their index is kept in");
        expect(again.data.record(11_000)).toEqual(before);
      }
    }),
});

Deno.test({
  name: "keepRows: reads again where what else the rows depend on has changed",
  sanitizeResources: false,
  fn: () =>
    withFolder(async (folder) => {
      const path = `${folder}/rows.csv`;
      await write(path, "");
      const { cache } = createAssets({ cache: `${folder}/cache`, offline: true });
      let reads = 0;
      let state = "one";
      const keep = () =>
        keepRows(
          {
            kind: "test",
            paths: [path],
            options: captionsSchema.parse({ path }),
            width: 1,
            also: () => Promise.resolve(state),
          },
          { assets: { cache: cache!, file: fail, optionalFile: fail }, log: () => {} },
          () => {
            reads++;
            const rows = createTextRows();
            const numbers = createNumberRows(1);
            for (let i = 0; i < ROWS; i++) {
              rows.add([`${state} ${i}`]);
              numbers.add(i);
            }
            return Promise.resolve({ rows, numbers, faults: createFaultList(), notes: {} });
          },
        );
      for (const next of ["one", "one", "two", "two", "one"]) {
        state = next;
        expect((await keep()).rows.get(5)).toEqual([`${next} 5`]);
      }
      expect(reads).toBe(3);
    }),
});

const fail = () => Promise.reject(new Error("not needed"));
