import type { DeviceTensor } from "../../device/device.ts";
import type { AnyLoss } from "../../loss.ts";
import type { TowerFeature } from "../../model.ts";
import { embedParts, type ForwardOptions } from "../../towers/forward.ts";
import { pictureParts, textParts, type TowerPart, wholeText } from "../../towers/tower_part.ts";
import type { Batch } from "../loop/batches.ts";
import { type BatchRows, countRows, type RowGroup, type RowSource } from "./tower_rows.ts";

/** What {@linkcode embed} needs. */
export interface EmbedOptions extends ForwardOptions {
  /** By the name of each trained parameter. */
  readonly gradients: ReadonlyMap<string, DeviceTensor>;
  /** Whether towers may stand in the loss's program. */
  readonly together: boolean;
}

/** A batch's embeddings, and the parts that its pictures and texts were cut into for them. */
export interface Embedded extends BatchRows {
  readonly parts: { readonly image: readonly TowerPart[]; readonly text: readonly TowerPart[] };
}

/**
 * The first part of a step: the batch through both towers, each in parts of at most `chunk` rows.
 * What is trained and fits one part is left to the loss's own program, which saves running it twice.
 */
export async function embed(
  { extras = [] }: AnyLoss,
  { ids: { length: rows }, pixels, images = [], groups: texts }: Batch,
  options: EmbedOptions,
): Promise<Embedded> {
  const { model, chunk } = options;
  const wanted = (...features: TowerFeature[]) => features.filter((each) => extras.includes(each));
  const ofImage = wanted("patches");
  const ofText = wanted("tokens", "pooled");

  const own = { name: "image", count: 1, present: new Float32Array(rows).fill(1) };
  const pictures = [own, ...images];
  const count = countRows(rows, pictures);
  const imageParts = pictureParts(model, pixels, count, chunk, ofImage);

  const tokens = texts.flatMap((group) => group.tokens);
  const textGroups = texts.map(({ name, count, present, tokens }): RowGroup => ({
    ...{ name, count, present },
    ...(ofText.includes("tokens")
      ? { lengths: Float32Array.from(tokens, ({ length }) => length) }
      : {}),
  }));
  const wholeTexts = isInside("text", tokens.length, options);
  const allTextParts = wholeTexts
    ? [wholeText(model, tokens, ofText)]
    : textParts(model, tokens, chunk, ofText);
  return {
    image: { groups: pictures, source: await sourceOf("image", count, imageParts, options) },
    text: {
      groups: textGroups,
      source: await sourceOf("text", tokens.length, allTextParts, options),
    },
    parts: { image: imageParts, text: allTextParts },
  };
}

type TowerName = "image" | "text";

function isTrained(tower: TowerName, { model, gradients }: EmbedOptions): boolean {
  return model.parameters.some(({ part, name }) => part === tower && gradients.has(name));
}

function isInside(tower: TowerName, count: number, options: EmbedOptions): boolean {
  return options.together && count <= options.chunk && isTrained(tower, options);
}

async function sourceOf(
  tower: TowerName,
  count: number,
  parts: readonly TowerPart[],
  options: EmbedOptions,
): Promise<RowSource> {
  if (isInside(tower, count, options)) return { kind: "inside", part: parts[0]! };
  const values = await embedParts(parts, count, options);
  return { kind: "before", values, trained: isTrained(tower, options) };
}
