/**
 * Small CLIPs for tests: that of the golden files, and a smaller one with random weights.
 *
 * @module
 */
import { openSafetensors } from "../../core/host/storage/safetensors.ts";
import { createRandom } from "../../core/random.ts";
import type { DualEncoder, HostTensor } from "../../core/model.ts";
import type { Batch } from "../../core/training/loop/batches.ts";
import { identityOf } from "../../core/training/loop/identity.ts";
import type { TextGroup } from "../../core/training/loop/text_group.ts";
import type { ClipConfig } from "../../plugins/clip/config.ts";
import { type ClipNames, openClipNames } from "../../plugins/clip/names.ts";
import { clipNormalization } from "../../plugins/clip/normalization.ts";
import { clipParameters } from "../../plugins/clip/parameters.ts";
import { createClip } from "../../plugins/clip/dual_encoder.ts";
import { initialValues } from "../../plugins/clip/initial_values.ts";

const golden = new URL("../golden/clip_small/", import.meta.url).pathname;

/** The architecture of the golden files (tests/golden/clip_small/clip_small.json). */
export const goldenConfig: ClipConfig = {
  dim: 64,
  activation: "quick_gelu",
  epsilon: 1e-5,
  image: { size: 64, patch: 16, width: 128, layers: 2, heads: 2, hidden: 512 },
  text: { context: 77, vocabulary: 400, width: 128, layers: 2, heads: 2, hidden: 512 },
};

/** The CLIP of the golden files, from OpenAI's code. */
export async function goldenClip(): Promise<DualEncoder> {
  const weights = await openSafetensors(`${golden}clip_small.safetensors`);
  const parameters = clipParameters(goldenConfig, openClipNames);
  const values = new Map<string, HostTensor>();
  for (const { name, shape } of parameters) {
    values.set(name, { shape, data: await weights.readFloat32(name) });
  }
  return modelOf(goldenConfig, openClipNames, values);
}

/** The batch of the golden files: four pictures, each with one text. */
export async function goldenBatch(): Promise<Batch> {
  const io = await openSafetensors(`${golden}clip_small_io.safetensors`);
  const textIds = await io.read("text_ids") as BigInt64Array;
  const tokens = Array.from({ length: 4 }, (_, row) => {
    const text = Array.from(textIds.subarray(row * 77, row * 77 + 77), Number);
    // The end token is the highest id, as in OpenAI's code.
    return text.slice(0, text.indexOf(Math.max(...text)) + 1);
  });
  const present = new Float32Array(4).fill(1);
  const groups: readonly TextGroup[] = [{ name: "caption", count: 1, tokens, present }];
  const ids = ["0", "1", "2", "3"];
  return {
    ids,
    pixels: await io.readFloat32("image"),
    groups,
    identity: identityOf(ids, groups),
    epoch: 0,
    next: { epoch: 0, position: 4 },
  };
}

/** An architecture that computes in no time: 24 tokens, pictures of 8 × 8. */
export const miniConfig: ClipConfig = {
  dim: 16,
  activation: "quick_gelu",
  epsilon: 1e-5,
  image: { size: 8, patch: 4, width: 32, layers: 2, heads: 2, hidden: 64 },
  text: { context: 24, vocabulary: 40, width: 32, layers: 2, heads: 2, hidden: 64 },
};

/** A CLIP of {@linkcode miniConfig}; a text's ids are the digits that it is written in. */
export function miniClip(seed: number, names: ClipNames = openClipNames): DualEncoder {
  const values = initialValues(miniConfig, clipParameters(miniConfig, names), seed);
  return modelOf(miniConfig, names, values);
}

/**
 * A batch of noise for {@linkcode miniClip}: texts of 3 to 24 tokens.
 *
 * @param counts Texts a row of each group; some but the first are missing.
 */
export function miniBatch(
  rows: number,
  counts: Readonly<Record<string, number>>,
  seed: number,
): Batch {
  const random = createRandom(seed, "batch");
  const side = miniConfig.image.size;
  const text = (
    count: number,
  ) => [1, ...Array.from({ length: count }, () => 2 + random.integer(37)), 39];
  const groups = Object.entries(counts).map(([name, count], place): TextGroup => {
    const present = Float32Array.from({ length: rows * count }, () => {
      return place > 0 && random.integer(4) === 0 ? 0 : 1;
    });
    const tokens = Array.from(
      present,
      (there) => there === 1 ? text(1 + random.integer(22)) : text(0),
    );
    return { name, count, tokens, present };
  });
  const ids = Array.from({ length: rows }, (_, i) => `row ${i}`);
  return {
    ids,
    pixels: Float32Array.from({ length: rows * 3 * side * side }, () => random.normal()),
    groups,
    identity: identityOf(ids, groups),
    epoch: 0,
    next: { epoch: 0, position: rows },
  };
}

function modelOf(
  config: ClipConfig,
  names: ClipNames,
  values: ReadonlyMap<string, HostTensor>,
): DualEncoder {
  return createClip({
    name: "small",
    config,
    names,
    tokenizer: {
      padding: 0,
      encode: (
        text,
      ) => [1, ...Array.from(text.matchAll(/\d/g), ([digit]) => 2 + Number(digit)), 39],
    },
    preprocessing: { ...clipNormalization, size: config.image.size },
    read: () => Promise.resolve(values),
    write: () => Promise.reject(new Error("not to be written")),
  });
}
