import { expect } from "expect";
import { createTextRows } from "../../../plugins/captions/text_rows.ts";
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
  }));
