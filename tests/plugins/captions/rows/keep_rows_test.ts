import { expect } from "expect";
import type { DataSet } from "../../../../core/dataset.ts";
import { createAssets } from "../../../../core/host/assets/create_assets.ts";
import { createImagePool } from "../../../../core/host/images/pool.ts";
import type { CaptionsOptions } from "../../../../plugins/captions/caption_options.ts";
import { captions } from "../../../../plugins/captions/captions.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

/** Opens with a cache, or without one, and tells what was said. */
async function open(folder: string, options: Partial<CaptionsOptions> = {}, cached = true) {
  using images = createImagePool({ workers: 0 });
  const lines: string[] = [];
  const { cache, ...assets } = createAssets({ cache: `${folder}/cache`, offline: true });
  const data = await captions({ path: `${folder}/rows.csv`, ...options }).open({
    assets: cached ? { ...assets, cache: cache! } : assets,
    images,
    log: (line) => void lines.push(line),
  });
  return { data, lines };
}

const all = (data: DataSet) => Array.from({ length: data.length }, (_, i) => data.record(i));

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
        expect(all(data)).toEqual(all(plain.data));
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
      const ids = all(plain.data).flatMap(({ id, captions }) =>
        captions.map((_, i) => `${id}#${i + 1}`)
      );
      expect(all(each.data).map(({ id }) => id)).toEqual(ids);
      // Another option, and another table of the same name and size.
      expect((await open(folder, { limit: 11_000 })).data.length).toBe(11_000);
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
