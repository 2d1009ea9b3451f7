import { expect } from "expect";
import { createTextIndex } from "../../../plugins/captions/rows/text_index.ts";
import { createTextRows } from "../../../plugins/captions/rows/text_rows.ts";
import { expandPaths } from "../../../plugins/captions/expand_paths.ts";
import { withFolder } from "../../helpers/with_folder.ts";

Deno.test({
  name: "createTextRows: what does not fit into memory comes back from the disk, byte for byte",
  // The scratch file has no name and goes when the process ends.
  sanitizeResources: false,
  fn() {
    const texts = (
      i: number,
    ) => [`${i}.jpg`, "é".repeat(i % 50), i % 7 === 0 ? "" : `caption ${i}`];
    const inMemory = createTextRows();
    const onDisk = createTextRows({ memory: 1000 });
    for (let i = 0; i < 2000; i++) {
      inMemory.add(texts(i));
      onDisk.add(texts(i));
      // Rows that are still in memory while others are not.
      if (i % 500 === 3) expect(onDisk.get(i)).toEqual(texts(i));
    }
    // Longer than all the memory.
    for (const rows of [inMemory, onDisk]) rows.add(["x".repeat(5000)]);
    expect(onDisk.length).toBe(2001);
    for (const i of [0, 1999, 7, 1000, 1]) expect(onDisk.get(i)).toEqual(texts(i));
    expect(onDisk.get(2000)).toEqual(["x".repeat(5000)]);
    expect(onDisk.fingerprint()).toBe(inMemory.fingerprint());
  },
});

Deno.test("expandPaths: numbers in any address, in order; stars of the files that are there", () =>
  withFolder(async (folder) => {
    expect(await expandPaths(["https://a.org/{08..11}.tar", "b"])).toEqual([
      "https://a.org/08.tar",
      "https://a.org/09.tar",
      "https://a.org/10.tar",
      "https://a.org/11.tar",
      "b",
    ]);
    for (const name of ["b+1.tar", "b+0.tar", "bb1.tar", "b+1.tar.gz"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    expect(await expandPaths([`${folder}/b+*.tar`]))
      .toEqual([`${folder}/b+0.tar`, `${folder}/b+1.tar`]);
    await expect(expandPaths([`${folder}/c*`])).rejects.toThrow(RangeError);
    await expect(expandPaths(["{3..2}"])).rejects.toThrow("found {3..2}");
    await expect(expandPaths(["{0..9}{000000..999999}"])).rejects
      .toThrow("expected at most 1000000 files, found 10000000");
  }));

Deno.test("createTextIndex: finds each of many texts that are alike, and none that is not there", () => {
  const texts = Array.from({ length: 20_000 }, (_, i) => `pictures/${i}.jpg`);
  const index = createTextIndex((row) => texts[row]!);
  for (const [row, text] of texts.entries()) {
    expect(index.find(text)).toBe(undefined);
    index.add(text, row);
  }
  expect(texts.findIndex((text, row) => index.find(text) !== row)).toBe(-1);
  expect(index.find("pictures/20000.jpg")).toBe(undefined);
});

Deno.test("createTextRows: rows that are extended have each text once", () => {
  const rows = createTextRows();
  rows.add(["a.jpg", "one"]);
  rows.add(["b.jpg", "two"]);
  const before = rows.fingerprint();
  rows.extend(0, ["one", "three"]);
  rows.extend(0, ["three", "four"]);
  expect(rows.get(0)).toEqual(["a.jpg", "one", "three", "four"]);
  expect(rows.get(1)).toEqual(["b.jpg", "two"]);
  expect(rows.fingerprint()).not.toBe(before);
});
