import type { DeviceTensor } from "../../device/device.ts";
import { embedParts, type ForwardOptions } from "../../towers/forward.ts";
import { pictureParts, textParts, type TowerPart, wholeText } from "../../towers/tower_part.ts";
import type { Batch } from "../loop/batches.ts";
import type { EmbeddedBatch, RowSource } from "./tower_rows.ts";

/** What {@linkcode embed} needs. */
export interface EmbedOptions extends ForwardOptions {
  /** By the name of each trained parameter. */
  readonly gradients: ReadonlyMap<string, DeviceTensor>;
}

/** A batch's embeddings, and the parts that its pictures and texts were cut into for them. */
export interface Embedded extends EmbeddedBatch {
  readonly parts: { readonly image: readonly TowerPart[]; readonly text: readonly TowerPart[] };
}

/**
 * The first part of a step: the batch through both towers, each in parts of at most `chunk` rows.
 * What is trained and fits one part is left to the loss's own program, which saves running it twice.
 *
 * @param together Whether towers may stand in the loss's program.
 */
export async function embed(
  { ids: { length: rows }, pixels, groups }: Batch,
  together: boolean,
  options: EmbedOptions,
): Promise<Embedded> {
  const { model, gradients, chunk } = options;
  const isTrained = (tower: "image" | "text") =>
    model.parameters.some(({ part, name }) => part === tower && gradients.has(name));
  const sourceOf = async (
    tower: "image" | "text",
    count: number,
    parts: readonly TowerPart[],
  ): Promise<RowSource> => ({
    kind: "before",
    rows: await embedParts(parts, count, options),
    trained: isTrained(tower),
  });
  const isInside = (tower: "image" | "text", count: number) =>
    together && isTrained(tower) && count <= chunk;

  const pictures = pictureParts(model, pixels, rows, chunk);
  const tokens = groups.flatMap((group) => group.tokens);
  const image: RowSource = isInside("image", rows)
    ? { kind: "inside", part: pictures[0]! }
    : await sourceOf("image", rows, pictures);
  const texts = isInside("text", tokens.length)
    ? [wholeText(model, tokens)]
    : textParts(model, tokens, chunk);
  const text: RowSource = isInside("text", tokens.length)
    ? { kind: "inside", part: texts[0]! }
    : await sourceOf("text", tokens.length, texts);
  const own = { name: "image", count: 1, present: new Float32Array(rows).fill(1) };
  return {
    rows,
    image: { groups: [own], source: image },
    text: { groups, source: text },
    parts: { image: pictures, text: texts },
  };
}
