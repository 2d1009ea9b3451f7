import { expect } from "expect";
import type { DataSet } from "../../../core/dataset.ts";
import { createRandom } from "../../../core/random.ts";
import { frozenNegatives } from "../../../plugins/negatives/frozen_negatives.ts";
import { writeNegatives } from "../../../plugins/negatives/write_negatives.ts";
import { negationQuestions } from "../../../plugins/negbench/questions.ts";
import { localAssets } from "../../helpers/local_assets.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const gray = { width: 4, height: 4, color: [9, 9, 9] } as const;

const dataOf = (...captions: readonly (readonly string[])[]) =>
  memoryDataSet(captions.map((each) => ({ captions: each, picture: gray })));

const prepared = (data: DataSet) =>
  negationQuestions().prepare!({
    data,
    assets: localAssets,
    log: () => {},
    rehearsal: false,
  });

/** What 60 seeds make of a caption, without the words that an answer begins with. */
async function made(data: DataSet, caption: string) {
  const generator = await prepared(data);
  const slots = Array.from({ length: 5 }, () => new Set<string | null>());
  for (let seed = 0; seed < 60; seed++) {
    const texts = await generator.generate(caption, createRandom(seed));
    for (const [slot, text] of texts.entries()) {
      slots[slot]!.add(text?.replace(/^a photo (with|that shows) /, "") ?? null);
    }
  }
  return slots.map((texts) => [...texts].toSorted());
}

Deno.test("negationQuestions: says what is not there, a right answer and three wrong ones", async () => {
  const data = dataOf(["A dog on a sofa."], ["A black cat on the sofa"]);
  const joined = (there: string, noun: string) =>
    [" and no ", " with no ", ", but no "].map((denial) => there + denial + noun);
  const [denying, right, ...wrong] = await made(data, "A dog on a sofa.");
  // The sofa is in both pictures: only a cat can be missing.
  expect(denying).toEqual(
    [...joined("A dog on a sofa", "cat"), "No cat, but a dog on a sofa"].toSorted(),
  );
  expect(right).toEqual([
    ...joined("a dog", "cat"),
    ...joined("a sofa", "cat"),
    ...["a dog and a sofa", "a sofa and a dog", "no cat"],
  ].toSorted());
  expect(wrong).toEqual([
    [...joined("a black cat", "dog"), ...joined("a black cat", "sofa")].toSorted(),
    ["a black cat"],
    ["no dog", "no sofa"],
  ]);
});

Deno.test("negationQuestions: what another caption of the picture names is there", async () => {
  // "Dogs" and "a dog" are the same thing; the hat is named by the picture's second caption.
  const own = ["A man with a kite", "A dog and a hat"];
  const [, , , absent] = await made(dataOf(own, ["Two dogs on a beach"], ["A hat"]), own[0]!);
  expect(absent).toEqual(["a beach"]);
  // Examples that share a picture: all their captions are of it.
  const each: DataSet = {
    ...dataOf([own[0]!], [own[1]!], ["A dog on a beach"]),
    pictureOf: (index) => index === 2 ? 2 : 0,
  };
  expect((await made(each, own[0]!))[3]).toEqual(["a beach"]);
});

Deno.test("negationQuestions: prefers what is seen beside a thing of the caption", async () => {
  const data = dataOf(["A dog on a sofa"], ["A dog on a rug"], ["A boat"]);
  const generator = await prepared(data);
  // None of 16 examples is the second one once in 650 times.
  for (let seed = 0; seed < 10; seed++) {
    const texts = await generator.generate("A dog on a sofa", createRandom(seed));
    expect(texts[3]).toMatch(/a rug$/);
  }
});

Deno.test("negationQuestions: nothing of a caption that names nothing, denies, or is alone", async () => {
  const none = Array(5).fill(null);
  const generator = await prepared(dataOf(["A man without a hat"], ["Running!"], ["A red bus"]));
  for (const caption of ["A man without a hat", "Running!"]) {
    expect(await generator.generate(caption, createRandom(1))).toEqual(none);
  }
  const alone = await prepared(dataOf(["A red bus"]));
  expect(await alone.generate("A red bus", createRandom(1))).toEqual(none);
  await expect(negationQuestions().generate("A red bus", createRandom(1))).rejects.toThrow(
    "negationQuestions: expected prepare() to be called before generate()",
  );
});

Deno.test("negationQuestions: written ahead they are read back as they would be made", async () => {
  await withFolder(async (folder) => {
    const data = dataOf(["A dog on a sofa"], ["A cat in a box"], ["Running!"]);
    const context = { data, assets: localAssets, log: () => {}, rehearsal: false };
    const negatives = negationQuestions();
    await writeNegatives({ ...context, negatives, folder, seed: 3 });
    const frozen = await frozenNegatives({ path: folder, slots: 5 }).prepare!(context);
    const made = await (await prepared(data)).generate(
      "A dog on a sofa",
      createRandom(3, "negatives", "A dog on a sofa"),
    );
    expect(made[0]).toMatch(/cat|box/);
    expect(await frozen.generate("A dog on a sofa", createRandom(9))).toEqual(made);
    expect(await frozen.generate("Running!", createRandom(9))).toEqual(Array(5).fill(null));
  });
});
