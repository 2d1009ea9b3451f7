import { expect } from "expect";
import { packTar } from "modern-tar";
import { openLocalFile } from "../../../core/host/assets/remote_file.ts";
import { createRandom } from "../../../core/random.ts";
import { askForAll, copyWithoutPictures } from "../../../plugins/captions/copy_without_pictures.ts";
import { parseShardIndex } from "../../../plugins/captions/shard_index.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const random = createRandom(1, "pictures");
const noise = (length: number) => Uint8Array.from({ length }, () => 1 + random.integer(255));
const members: readonly (readonly [name: string, body: Uint8Array<ArrayBuffer>])[] = [
  ["a.jpg", noise(20_000)],
  ["a.txt", noise(9)],
  // Small enough to be fetched with what is around it.
  ["b.jpg", noise(700)],
  ["b.txt", noise(600)],
  ["c.txt", noise(20_000)],
  ["c.jpg", noise(30_000)],
];
const shard = await packTar(members.map(([name, body]) => {
  return { header: { name, size: body.length, type: "file" as const }, body };
}));

/** A header of 512 bytes before each member, each filled up to a multiple of 512. */
const index = `v1.2 3
jpg 512 20000 a.jpg txt 21504 9 a.txt
jpg 22528 700 b.jpg txt 24064 600 b.txt
txt 25600 20000 c.txt jpg 46592 30000 c.jpg
`;

const isPicture = (ending: string) => ending === "jpg";

/** What is wrong with an index of the shard, the copy, and how many bytes were read for it. */
async function copyBy(text: string, file: Uint8Array = shard) {
  let read = 0;
  let copy = new Uint8Array();
  let fault: string | undefined;
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/shard.tar`, file);
    const local = await openLocalFile(`${folder}/shard.tar`);
    const counted = {
      ...local,
      read: (start: number, size: number) => {
        read += size;
        return local.read(start, size);
      },
    };
    const path = `${folder}/copy.tar`;
    fault = await copyWithoutPictures(counted, parseShardIndex(text, "a.idx"), path, isPicture);
    copy = await Deno.readFile(path).catch(() => copy);
  });
  return { fault, copy, read };
}

Deno.test("copyWithoutPictures: all but large pictures is in its place, with zeros for these", async () => {
  const { fault, copy, read } = await copyBy(index);
  expect(fault).toBeUndefined();
  const expected = shard.slice();
  // With what fills their last block.
  expected.fill(0, 512, 512 + 20_480);
  expected.fill(0, 46_592, 46_592 + 30_208);
  expect(copy).toEqual(expected);
  // The archive's end is a block of zeros and one more, which is not looked at.
  expect(read).toBe(46_592 + 30_208 + 512 - 20_480 - 30_208);
});

Deno.test("copyWithoutPictures: an index that is not of the shard, member by member, is refused", async () => {
  const lines = index.trimEnd().split("\n");
  const wrong: Readonly<Record<string, string>> = {
    // Made before an example was added, at the end or between.
    [["v1.2 2", ...lines.slice(1, 3)].join("\n")]: "it ends at byte 25088, where another member",
    [["v1.2 2", lines[1], lines[3]].join("\n")]: "it does not know b.jpg with 700 bytes at 22528",
    // A member that is not there, in place of a text.
    [index.replace("txt 24064 600 b.txt", "txt 24576 88 b.txt")]: "it does not know b.txt with 600",
    [index.replace("jpg 512", "jpg 1024")]: "no member of 9 bytes can be at byte 21504",
    [index.replace("jpg 512", "jpg 513")]: "no member of 20000 bytes can be at byte 513",
    [index.replace("512 20000", "512 20001")]: "it does not know a.jpg with 20000 bytes at 512",
    [index.replace("512 20000", "512 19000")]: "it does not know a.jpg with 20000 bytes at 512",
    [index.replace("46592 30000", "46592 90000")]: "no member of 90000 bytes can be at byte 46592",
    // What is left out would be read as a caption.
    [index.replace("txt 25600", "jpg 25600")]: "it has c.txt as jpg",
    "v1.2 0\n": "it ends at byte 0, where another member begins",
  };
  for (const [text, reason] of Object.entries(wrong)) {
    expect([text, (await copyBy(text)).fault]).toEqual([text, expect.stringContaining(reason)]);
  }
  // Of a shard that was written anew since.
  const other = shard.slice();
  other[21_504 - 512] = "z".charCodeAt(0);
  expect((await copyBy(index, other)).fault).toContain("byte 20992: expected a tar header");
});

Deno.test("askForAll: each once and in order, 16 under way at a time, and an error comes through", async () => {
  let [under, most] = [0, 0];
  const begun: number[] = [];
  const things = Array.from({ length: 50 }, (_, i) => i * i);
  await askForAll(things, async (thing, index) => {
    begun.push(index);
    expect(thing).toBe(index * index);
    most = Math.max(most, ++under);
    await new Promise((done) => setTimeout(done, index % 3));
    under--;
  });
  expect(begun).toEqual(things.map((_, i) => i));
  expect(most).toBe(16);
  const refuse = (thing: number) =>
    thing === 9 ? Promise.reject(new RangeError("9")) : Promise.resolve();
  await expect(askForAll(things, refuse)).rejects.toThrow("9");
});
