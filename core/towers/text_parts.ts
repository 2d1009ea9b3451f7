import { gather } from "../graph/indexing.ts";
import type { DualEncoder, PrefixSharing, TextTower, TowerOutputs } from "../model.ts";
import { checkTexts } from "./check_texts.ts";
import { type TextChunk, textChunks } from "./text_chunks.ts";
import { packSize, packTexts, type TextPacks } from "./text_packs.ts";
import { encodeWanted, type TowerPart } from "./tower_part.ts";

/**
 * Texts in parts that few programs serve: packed by their prefixes where the tower takes them so, else
 * sorted by length, each part as long as its longest text needs.
 *
 * @param texts Token ids of each text.
 * @param most The most texts of a part; of packs, as many rows as so many texts of 16 tokens.
 * @param wanted What the tower is to give beyond embeddings. Tokens it gives of whole texts alone.
 * @throws {RangeError} from {@linkcode checkTexts}.
 */
export function textParts(
  model: DualEncoder,
  texts: readonly (readonly number[])[],
  most: number,
  wanted: readonly (keyof TowerOutputs)[] = [],
): readonly TowerPart[] {
  const prefixes = sharing(model.text, wanted);
  return prefixes === undefined
    ? chunksOf(model, texts, most).map((chunk) => chunkPart(model, chunk, wanted))
    : packsOf(model, texts, most).map((packs) => packPart(prefixes, packs, wanted));
}

/**
 * All texts in one part, a row for each in their own order; undefined if they are more than `most`.
 * Else as {@linkcode textParts}.
 */
export function wholeText(
  model: DualEncoder,
  texts: readonly (readonly number[])[],
  most: number,
  wanted: readonly (keyof TowerOutputs)[] = [],
): TowerPart | undefined {
  const prefixes = sharing(model.text, wanted);
  if (prefixes === undefined) {
    if (texts.length > most) return undefined;
    return chunkPart(model, inOrder(chunksOf(model, texts, texts.length)[0]!), wanted);
  }
  const [packs, ...more] = packsOf(model, texts, most);
  if (packs === undefined || more.length > 0) return undefined;
  return eachText(packPart(prefixes, packs, wanted), texts.length);
}

/**
 * The model with every text by itself: what is not finite in one text spreads to those that stand in
 * its pack, so whoever wants to know which text it is asks again.
 */
export function wholeTexts(model: DualEncoder): DualEncoder {
  const { prefixes: _, ...text } = model.text;
  return { ...model, text };
}

type Wanted = readonly (keyof TowerOutputs)[];

/** How texts are packed, if they may be. */
function sharing({ prefixes, encode }: TextTower, wanted: Wanted): PrefixSharing | undefined {
  return wanted.includes("tokens") || prefixes?.of !== encode ? undefined : prefixes;
}

function chunksOf(
  { tokenizer: { padding }, text: { contextLength: context, vocabulary } }: DualEncoder,
  texts: readonly (readonly number[])[],
  size: number,
): readonly TextChunk[] {
  return textChunks(texts, { size, padding, context, vocabulary });
}

/** How many tokens a caption has, as a rule. */
const USUAL_TOKENS = 16;

function packsOf(
  { tokenizer: { padding }, text: { contextLength: context, vocabulary } }: DualEncoder,
  texts: readonly (readonly number[])[],
  size: number,
): readonly TextPacks[] {
  checkTexts(texts, { context, vocabulary });
  const most = Math.max(1, Math.floor(size * USUAL_TOKENS / packSize(context)));
  return packTexts(texts, { context, most, padding });
}

function chunkPart(
  { text: tower }: DualEncoder,
  { rows, size, tokens, ids, end }: TextChunk,
  wanted: Wanted,
): TowerPart {
  return {
    key: ["text", size, tokens, ...wanted].join(" "),
    size,
    rows: [...rows.entries()],
    inputs: {
      ids: { data: ids, shape: [size, tokens], dtype: "int64" },
      end: { data: end, shape: [size], dtype: "int64" },
    },
    encode: ({ ids, end }, parameter) => {
      if (wanted.length === 0) return { embedding: tower.encode(ids!, end!, parameter) };
      const encodeWith = tower.encodeWith?.bind(tower, ids!, end!, parameter, wanted);
      return encodeWanted("text", wanted, encodeWith);
    },
  };
}

function packPart(
  prefixes: PrefixSharing,
  { packs, size, ends, ids, places, exits, endRows, texts }: TextPacks,
  wanted: Wanted,
): TowerPart {
  const features = wanted.filter((each) => each === "pooled");
  return {
    key: ["packs", packs, ends, ...wanted].join(" "),
    size: packs * ends,
    rows: texts,
    inputs: {
      ids: { data: ids, shape: [packs, size], dtype: "int64" },
      places: { data: places, shape: [packs, size], dtype: "int64" },
      exits: { data: exits, shape: [packs, size], dtype: "float32" },
      ends: { data: endRows, shape: [packs * ends], dtype: "int64" },
    },
    encode: ({ ids, places, exits, ends }, parameter) =>
      encodeWanted("text", wanted, () =>
        prefixes.encode(
          { ids: ids!, places: places!, exits: exits!, ends: ends! },
          parameter,
          features,
        )),
  };
}

/** The part with a row for each text, in the order of the texts. */
function eachText(part: TowerPart, count: number): TowerPart {
  const rows = new BigInt64Array(count);
  for (const [row, text] of part.rows) rows[text] = BigInt(row);
  return {
    key: `${part.key} of ${count} texts`,
    size: count,
    rows: Array.from({ length: count }, (_, text) => [text, text]),
    inputs: { ...part.inputs, rows: { data: rows, shape: [count], dtype: "int64" } },
    encode: ({ rows, ...inputs }, parameter) => {
      const { embedding, pooled } = part.encode(inputs, parameter);
      return {
        embedding: gather(embedding, rows!),
        ...(pooled === undefined ? {} : { pooled: gather(pooled, rows!) }),
      };
    },
  };
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
