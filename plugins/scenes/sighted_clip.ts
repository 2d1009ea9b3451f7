/**
 * The embedded CLIP that sees where things are.
 *
 * @module
 */
import { packageFile } from "../../core/host/assets/package_file.ts";
import type { HostTensor, ModelSource } from "../../core/model.ts";
import { initialValues } from "../clip/initial_values.ts";
import { openClipNames } from "../clip/names.ts";
import { clipParameters } from "../clip/parameters.ts";
import { defineEmbeddedClip } from "./embedded_clip.ts";
import { tinyClip } from "./tiny_clip.ts";
import { SIGHTED_CLIP, sightedClipModel } from "./tiny_clip_model.ts";
import { sceneVocabulary, widerVocabulary } from "./vocabulary.ts";
import { wordTokenizer } from "./word_tokenizer.ts";

/**
 * As {@linkcode tinyClip}, trained on captions that tell places and numbers, by the recipe
 * `pretrain-sighted`: its pictures' embeddings hold what is where, and its texts know the words of
 * places and numbers, still without their order. Denials it has never seen.
 *
 * @param options.weights `"shipped"` for the weights of this package, `"random"` to begin from nothing,
 *   or the address of an `open_clip_model.safetensors` that a run has left. Default `"shipped"`.
 * @throws {RangeError} if an option is unknown or has a wrong value.
 *
 * @example
 * ```ts
 * import { sightedClip } from "@syntagma/syntagma/scenes";
 *
 * const model = await sightedClip({ weights: "random" }).generate(1);
 * console.assert(model.dim === 128);
 * ```
 */
export const sightedClip: (
  options?: { readonly weights?: string },
) => ModelSource<"patches" | "tokens" | "pooled"> = defineEmbeddedClip({
  name: "sightedClip",
  config: SIGHTED_CLIP,
  create: sightedClipModel,
  shipped: ({ assets }) => packageFile("./sighted_clip.safetensors", import.meta.url, { assets }),
  begins: {
    tiny: async (context) => widen(await (await tinyClip().load(context)).read()),
  },
});

/**
 * How much longer new words begin than random ones: as long as those that are known. From nearly
 * nothing neither tower learns of places, since each needs the other's.
 */
const WORD_SCALE = 3;

/**
 * What random positions of patches are multiplied with before they are added to the tiny CLIP's, which
 * are a hundredth of what a patch shows. Those the class token does not hear: 120 steps towards the
 * corner of a single object left it at chance, where with these 20 steps were enough.
 */
const PLACE_SCALE = 20;

/** The tiny CLIP's values, with rows for the words that it does not know, and places that are heard. */
function widen(values: ReadonlyMap<string, HostTensor>): ReadonlyMap<string, HostTensor> {
  const parameters = clipParameters(SIGHTED_CLIP, openClipNames);
  const initial = initialValues(SIGHTED_CLIP, parameters, 0);
  const changed = { [WORDS]: withWords, [PLACES]: withPlaces };
  return new Map([
    ...values,
    ...Object.entries(changed).map(([name, change]) =>
      [name, change(values.get(name)!, initial.get(name)!)] as const
    ),
  ]);
}

const [WORDS, PLACES] = ["token_embedding.weight", "visual.positional_embedding"] as const;

function withWords(known: HostTensor, { shape, data: random }: HostTensor): HostTensor {
  const data = Float32Array.from(random, (value) => WORD_SCALE * value);
  const [own, wider] = [wordTokenizer(sceneVocabulary()), wordTokenizer(widerVocabulary())];
  const [, width] = shape as [number, number];
  const copy = (from: number, to: number) =>
    data.set(known.data.subarray(from * width, (from + 1) * width), to * width);
  const first = own.start + 1;
  for (let id = 0; id < first; id++) copy(id, id);
  own.vocabulary.forEach((word, at) => copy(first + at, first + wider.vocabulary.indexOf(word)));
  copy(own.end, wider.end);
  return { shape, data };
}

function withPlaces({ shape, data: known }: HostTensor, { data: random }: HostTensor): HostTensor {
  const [tokens, width] = shape as [number, number];
  const data = Float32Array.from(known);
  for (let column = 0; column < width; column++) {
    // The patches' places alone: the class token, row 0, has none.
    const rows = Array.from({ length: tokens - 1 }, (_, row) => (row + 1) * width + column);
    const mean = rows.reduce((sum, at) => sum + random[at]!, 0) / rows.length;
    for (const at of rows) data[at]! += PLACE_SCALE * (random[at]! - mean);
  }
  return { shape, data };
}
