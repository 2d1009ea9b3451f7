/**
 * Parts of a batch on their way through a tower: as many pictures or texts as go through it together,
 * with all that its graph takes. Towers forward, towers backward and the loss's own program are made
 * of them alike.
 *
 * @module
 */
import type { HostInput } from "../device/uploads.ts";
import { input } from "../graph/node.ts";
import type { Tensor } from "../graph/tensor.ts";
import type {
  DualEncoder,
  ImageTower,
  ParameterLookup,
  TextTower,
  TowerOutputs,
} from "../model.ts";
import { type TextChunk, textChunks } from "./text_chunks.ts";

/** Pictures or texts that go through a tower together. */
export interface TowerPart {
  /** Parts of one model and the same key have the same graph. */
  readonly key: string;
  /** Rows of the graph. */
  readonly size: number;
  /** Which pictures or texts they are, as places in the list that was cut up; rows past these only fill up. */
  readonly rows: readonly number[];
  /** How many of these, the first ones, are in an earlier part as well. */
  readonly seen: number;
  /** What the graph takes. */
  readonly inputs: Readonly<Record<string, HostInput>>;
  /** Builds the graph on such inputs. */
  encode(inputs: Readonly<Record<string, Tensor>>, parameter: ParameterLookup): TowerOutputs;
}

/** Symbolic inputs for a part, named after a tower. */
export function declareInputs(
  { inputs }: TowerPart,
  tower: string,
): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    Object.entries(inputs).map((
      [name, { dtype, shape }],
    ) => [name, input(`${tower} ${name}`, dtype, shape)]),
  );
}

/**
 * Pictures in parts of equal size. The last part ends at the last picture and holds some a second
 * time, so that one program serves all parts.
 *
 * @param pixels `[count, 3, size, size]`, normalised.
 * @param most The most pictures of a part.
 * @param wanted What the tower is to give beyond embeddings.
 */
export function pictureParts(
  { image }: DualEncoder,
  pixels: Float32Array,
  count: number,
  most: number,
  wanted: readonly (keyof TowerOutputs)[] = [],
): readonly TowerPart[] {
  const side = image.size;
  const each = 3 * side * side;
  const size = Math.min(most, count);
  const parts: TowerPart[] = [];
  for (let start = 0; start < count; start += size) {
    const from = Math.min(start, count - size);
    parts.push({
      key: ["image", size, ...wanted].join(" "),
      size,
      rows: Array.from({ length: size }, (_, i) => from + i),
      seen: start - from,
      inputs: {
        pixels: {
          data: pixels.subarray(from * each, (from + size) * each),
          shape: [size, 3, side, side],
          dtype: "float32",
        },
      },
      encode: ({ pixels }, parameter) => encodePictures(image, pixels!, parameter, wanted),
    });
  }
  return parts;
}

/**
 * Texts in parts of equal size, sorted by length; each part is as long as its longest text needs.
 *
 * @param texts Token ids of each text.
 * @param most The most texts of a part.
 * @param wanted What the tower is to give beyond embeddings.
 */
export function textParts(
  model: DualEncoder,
  texts: readonly (readonly number[])[],
  most: number,
  wanted: readonly (keyof TowerOutputs)[] = [],
): readonly TowerPart[] {
  return chunksOf(model, texts, most).map((chunk) => textPart(model, chunk, wanted));
}

/** All texts in one part, in their own order. */
export function wholeText(
  model: DualEncoder,
  texts: readonly (readonly number[])[],
  wanted: readonly (keyof TowerOutputs)[] = [],
): TowerPart {
  return textPart(model, inOrder(chunksOf(model, texts, texts.length)[0]!), wanted);
}

function chunksOf(
  { tokenizer: { padding }, text: { contextLength: context, vocabulary } }: DualEncoder,
  texts: readonly (readonly number[])[],
  size: number,
): readonly TextChunk[] {
  return textChunks(texts, { size, padding, context, vocabulary });
}

function textPart(
  { text }: DualEncoder,
  { rows, size, tokens, ids, end }: TextChunk,
  wanted: readonly (keyof TowerOutputs)[],
): TowerPart {
  return {
    key: ["text", size, tokens, ...wanted].join(" "),
    size,
    rows,
    seen: 0,
    inputs: {
      ids: { data: ids, shape: [size, tokens], dtype: "int64" },
      end: { data: end, shape: [size], dtype: "int64" },
    },
    encode: ({ ids, end }, parameter) => encodeTexts(text, ids!, end!, parameter, wanted),
  };
}

function encodePictures(
  tower: ImageTower,
  pixels: Tensor,
  parameter: ParameterLookup,
  wanted: readonly (keyof TowerOutputs)[],
): TowerOutputs {
  if (wanted.length === 0) return { embedding: tower.encode(pixels, parameter) };
  if (tower.encodeWith === undefined) throw lacks("image", wanted);
  return checkOutputs("image", wanted, tower.encodeWith(pixels, parameter, wanted));
}

function encodeTexts(
  tower: TextTower,
  ids: Tensor,
  end: Tensor,
  parameter: ParameterLookup,
  wanted: readonly (keyof TowerOutputs)[],
): TowerOutputs {
  if (wanted.length === 0) return { embedding: tower.encode(ids, end, parameter) };
  if (tower.encodeWith === undefined) throw lacks("text", wanted);
  return checkOutputs("text", wanted, tower.encodeWith(ids, end, parameter, wanted));
}

function checkOutputs(
  tower: "image" | "text",
  wanted: readonly (keyof TowerOutputs)[],
  outputs: TowerOutputs,
): TowerOutputs {
  const missing = wanted.filter((feature) => outputs[feature] === undefined);
  if (missing.length > 0) throw lacks(tower, missing);
  return outputs;
}

function lacks(tower: "image" | "text", features: readonly (keyof TowerOutputs)[]): TypeError {
  return new TypeError(`the model's ${tower} tower does not give ${features.join(", ")}`);
}

/** A single chunk with its texts back in their own order. */
function inOrder({ rows, size, tokens, ids, end }: TextChunk): TextChunk {
  const sortedIds = new BigInt64Array(ids.length);
  const sortedEnd = new BigInt64Array(end.length);
  for (const [i, row] of rows.entries()) {
    sortedIds.set(ids.subarray(i * tokens, (i + 1) * tokens), row * tokens);
    sortedEnd[row] = end[i]!;
  }
  return { rows: rows.map((_, i) => i), size, tokens, ids: sortedIds, end: sortedEnd };
}
