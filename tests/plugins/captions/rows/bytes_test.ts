import { Buffer } from "node:buffer";
import { expect } from "expect";
import { createRandom } from "../../../../core/random.ts";
import { createFaultList } from "../../../../plugins/captions/rows/fault_list.ts";
import { createFileBytes } from "../../../../plugins/captions/rows/file_bytes.ts";
import { createScratchFile } from "../../../../plugins/captions/rows/scratch_file.ts";
import { sourcePrint, sourcesPrint } from "../../../../plugins/captions/rows/source_print.ts";
import { createSpilledBytes, piecesOf } from "../../../../plugins/captions/rows/spilled_bytes.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const random = createRandom(0, "bytes test");
const content = Uint8Array.from({ length: 300_000 }, () => random.integer(256));

/** Whether bytes are those of the content from a place on: `toEqual` takes its time over many. */
const isAt = (bytes: Uint8Array, start: number, end: number) =>
  Buffer.compare(bytes, content.subarray(start, end)) === 0;

/** Ranges here and there, and one after another. */
function ranges(length: number): readonly (readonly [start: number, end: number])[] {
  const drawn = Array.from({ length: 200 }, () => {
    const start = random.integer(length);
    return [start, start + random.integer(Math.min(5000, length - start) + 1)] as const;
  });
  const inOrder = Array.from({ length: 500 }, (_, i) => [100 * i, 100 * i + 108] as const);
  return [...drawn, ...inOrder, [0, length], [length, length]];
}

Deno.test("createFileBytes: bytes from anywhere, and from a place of their own in the file", () =>
  withFolder(async (folder) => {
    const path = `${folder}/bytes`;
    await Deno.writeFile(path, content);
    using file = await Deno.open(path);
    const bytes = createFileBytes(file, path, 1000, () => 200_000);
    for (const [start, end] of ranges(200_000)) {
      expect(isAt(bytes.read(start, end), 1000 + start, 1000 + end)).toBe(true);
    }
    await Deno.truncate(path, 150_000);
    expect(() => createFileBytes(file, path, 1000, () => 200_000).read(199_000, 199_001))
      .toThrow("the file is truncated");
  }));

Deno.test({
  name: "createSpilledBytes: what is added comes back, in memory and on the disk, and in pieces",
  // A scratch file goes when the process ends.
  sanitizeResources: false,
  fn() {
    const scratch = createScratchFile();
    const all = [createSpilledBytes(1 << 20), createSpilledBytes(5000)];
    for (let start = 0; start < content.length;) {
      const some = content.subarray(start, start + random.integer(3000));
      scratch.append(some);
      for (const bytes of all) {
        bytes.add(some.length + 10, (room) => {
          room.set(some);
          return some.length;
        });
      }
      start += some.length;
    }
    for (const bytes of [...all, scratch]) {
      expect(bytes.length).toBe(content.length);
      for (const [start, end] of ranges(content.length)) {
        expect(isAt(bytes.read(start, end), start, end)).toBe(true);
      }
      expect(isAt(Buffer.concat([...piecesOf(bytes)]), 0, content.length)).toBe(true);
    }
  },
});

Deno.test("createFaultList: the first ones as they are, and how many there are", () => {
  const list = createFaultList();
  for (let i = 0; i < 12_345; i++) list.add(`row ${i}`, "no caption");
  expect(list.count).toBe(12_345);
  expect(list.faults).toHaveLength(10_000);
  expect(list.faults[9999]).toEqual({ where: "row 9999", reason: "no caption" });
});

Deno.test("sourcePrint: tells files of other content, size or time apart", () =>
  withFolder(async (folder) => {
    const path = `${folder}/bytes`;
    const time = new Date(2026, 0, 1);
    const write = async (bytes: Uint8Array<ArrayBuffer>) => {
      await Deno.writeFile(path, bytes);
      await Deno.utime(path, time, time);
      return await sourcePrint(path);
    };
    const prints = new Set([await write(content)]);
    expect(await write(content)).toBe([...prints][0]);
    // The beginning, the end, and what is looked at between.
    for (const place of [0, 4095, content.length - 1, Math.floor((content.length - 4096) / 3)]) {
      const changed = content.slice();
      changed[place]! ^= 1;
      prints.add(await write(changed));
    }
    prints.add(await write(content.slice(0, -1))).add(await write(new Uint8Array(0)));
    await Deno.utime(path, time, new Date(2026, 0, 2));
    prints.add(await sourcePrint(path));
    expect(prints.size).toBe(8);
    await Deno.writeFile(`${folder}/other`, content);
    expect(await sourcesPrint([path, `${folder}/other`]))
      .not.toBe(await sourcesPrint([`${folder}/other`, path]));
  }));
