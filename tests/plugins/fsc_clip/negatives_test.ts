import { expect } from "expect";
import { createRandom } from "../../../core/random.ts";
import { fscClipNegatives } from "../../../plugins/fsc_clip/negatives.ts";
import { shuffleBigrams } from "../../../plugins/fsc_clip/shuffle_bigrams.ts";

const orders = async (caption: string) => {
  const found = new Set<string | null>();
  for (let seed = 0; seed < 60; seed++) {
    const [negative] = await shuffleBigrams().generate(caption, createRandom(seed));
    found.add(negative!);
  }
  return [...found].sort();
};

Deno.test("shuffleBigrams: words stay in their pairs, and a mark at the end goes anywhere", async () => {
  // Three pairs have six orders, of which one is the caption.
  expect(await orders("a dog sees two small cats")).toEqual([
    "a dog small cats sees two",
    "sees two a dog small cats",
    "sees two small cats a dog",
    "small cats a dog sees two",
    "small cats sees two a dog",
  ]);
  // Two pairs in the other order, and the mark in one of three places.
  expect(await orders("a dog sees cats.")).toEqual([
    ". sees cats a dog",
    "sees cats a dog.",
    "sees cats. a dog",
  ]);
  // One pair, or a pair and a mark.
  expect(await orders("a dog")).toEqual([null]);
  expect(await orders("a dog.")).toEqual([null]);
  // The other order says the same.
  expect(await orders("a dog a dog")).toEqual([null]);
});

Deno.test("fscClipNegatives: a slot of each kind, and what one draws changes no other", async () => {
  const caption = "A small dog sits under a red table";
  const all = fscClipNegatives();
  expect(all.slots).toBe(3);
  const [swap, replaced, shuffled] = await all.generate(caption, createRandom(3));
  const words = (text: string) => text.toLowerCase().split(" ").sort().join(" ");
  for (const same of [swap!, shuffled!]) expect(words(same)).toBe(words(caption));
  expect(words(replaced!)).not.toBe(words(caption));
  expect(replaced!.split(" ").length).toBe(caption.split(" ").length);
  const kinds = all.options.kinds;
  const again = fscClipNegatives({ kinds: [shuffleBigrams(), shuffleBigrams(), shuffleBigrams()] });
  const [, , third] = await again.generate(caption, createRandom(3));
  expect([kinds !== undefined, third]).toEqual([true, shuffled]);
});
