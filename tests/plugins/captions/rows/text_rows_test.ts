import { expect } from "expect";
import { createHash } from "node:crypto";
import { createTextRows } from "../../../../plugins/captions/rows/text_rows.ts";

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

Deno.test({
  name: "createTextRows: rows that are extended, many and often, on the disk as in memory",
  sanitizeResources: false,
  fn() {
    const expected = Array.from({ length: 1000 }, (_, i) => [`${i}.jpg`, `caption ${i}`]);
    const inMemory = createTextRows();
    const onDisk = createTextRows({ memory: 1000 });
    for (const row of expected) for (const rows of [inMemory, onDisk]) rows.add(row);
    for (let i = 0; i < 2000; i++) {
      const row = (i * 7919) % 1000;
      const texts = [...new Set([`further ${i % 11}`, `further ${i % 13}`])];
      for (const rows of [inMemory, onDisk]) rows.extend(row, texts);
      expected[row] = [...new Set([...expected[row]!, ...texts])];
    }
    for (const rows of [inMemory, onDisk]) {
      expect(expected.map((_, i) => rows.get(i))).toEqual(expected);
      expect(expected.map((_, i) => rows.count(i))).toEqual(expected.map(({ length }) => length));
    }
    expect(onDisk.fingerprint()).toBe(inMemory.fingerprint());
  },
});

Deno.test("createTextRows: the fingerprint is a SHA-256 of rows, and of what they were extended by", () => {
  const rows = createTextRows();
  rows.add(["a", "é"]);
  rows.add(["b"]);
  rows.extend(1, ["c"]);
  rows.extend(0, ["d"]);
  rows.extend(1, ["e"]);
  const bytes = [0x61, 0xff, 0xc3, 0xa9, 0xff, 0xfe, 0x62, 0xff, 0xfe];
  const expected = createHash("sha256").update(Uint8Array.from(bytes))
    .update('[1,["c","e"]]').update('[0,["d"]]').digest("hex");
  expect(rows.fingerprint()).toBe(expected);
});
