import { expect } from "expect";
import type { Context } from "../../../core/context.ts";
import type { HostTensor } from "../../../core/model.ts";
import { isFolderOf } from "../../../plugins/scenes/embedded_clip.ts";
import { sightedClip } from "../../../plugins/scenes/sighted_clip.ts";
import { tinyClip } from "../../../plugins/scenes/tiny_clip.ts";
import { SIGHTED_CLIP, TINY_CLIP } from "../../../plugins/scenes/tiny_clip_model.ts";
import { widerVocabulary } from "../../../plugins/scenes/vocabulary.ts";
import { wordTokenizer } from "../../../plugins/scenes/word_tokenizer.ts";

const context = {} as Context; // shipped weights of a checkout need no assets

Deno.test("sightedClip: begins as the tiny CLIP, with more words and places that are heard", async () => {
  const valuesOf = async (source: ReturnType<typeof tinyClip>) =>
    await (await source.load(context)).read();
  const tiny = await valuesOf(tinyClip());
  const wider = await valuesOf(sightedClip({ weights: "tiny" }));
  const other = [...wider].filter(([name, { data }]) =>
    data.length !== tiny.get(name)!.data.length ||
    data.some((value, at) => value !== tiny.get(name)!.data[at])
  );
  expect(other.map(([name]) => name).sort()).toEqual([
    "token_embedding.weight",
    "visual.positional_embedding",
  ]);
  const row = ({ data }: HostTensor, id: number, width: number) => [
    ...data.subarray(id * width, (id + 1) * width),
  ];
  const [words, known] = [wordTokenizer(widerVocabulary()), wordTokenizer()];
  const ids = (word: string) =>
    [known, words].map(({ encode }) => encode(word, 8)[1]!) as [number, number];
  const [before, after] = [tiny, wider].map((values) => values.get("token_embedding.weight")!);
  for (const word of ["star", "left", "."]) {
    const [own, moved] = ids(word);
    expect(row(after!, moved, 64)).toEqual(row(before!, own, 64));
  }
  expect(row(after!, words.end, 64)).toEqual(row(before!, known.end, 64));
  expect(ids("top")[0]).toBe(known.unknown);
  const length = (values: number[]) => Math.hypot(...values);
  // 64 values of deviation 3 · 0.02: 0.48, as long as those that are known.
  expect(length(row(after!, ids("top")[1], 64))).toBeGreaterThan(0.35);
  expect(length(row(after!, ids("top")[1], 64))).toBeLessThan(0.65);
  const [old, placed] = [tiny, wider].map((values) => values.get("visual.positional_embedding")!);
  expect(row(placed!, 0, 96)).toEqual(row(old!, 0, 96));
  // What is added to the four places is as long as 20 random rows of length 1, less their mean.
  const added = [1, 2, 3, 4].map((place) =>
    row(placed!, place, 96).map((value, at) => value - row(old!, place, 96)[at]!)
  );
  for (const each of added) {
    expect(Math.abs(length(each) / 20 - Math.sqrt(3 / 4))).toBeLessThan(0.2);
  }
  expect(length(added[0]!.map((_, at) => added.reduce((sum, each) => sum + each[at]!, 0))))
    .toBeLessThan(1e-3);
});

Deno.test("isFolderOf: tells the two embedded CLIPs' folders apart", async () => {
  const folder = await Deno.makeTempDir();
  const model = await sightedClip({ weights: "random" }).generate(1);
  await model.write(folder, await model.read());
  expect(await isFolderOf(SIGHTED_CLIP, folder)).toBe(true);
  expect(await isFolderOf(TINY_CLIP, folder)).toBe(false);
  expect(await isFolderOf(TINY_CLIP, `${folder}/none`)).toBe(false);
  await Deno.remove(folder, { recursive: true });
});
