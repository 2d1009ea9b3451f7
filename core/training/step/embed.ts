import type { DeviceTensor } from "../../device/device.ts";
import type { AnyLoss, LossExtra } from "../../loss.ts";
import type { TowerOutputs } from "../../model.ts";
import {
  collectRows,
  embedParts,
  type ForwardOptions,
  type RowProgram,
} from "../../towers/forward.ts";
import { partSize, pictureParts } from "../../towers/picture_parts.ts";
import { picturesAtOnce } from "../../towers/pictures_at_once.ts";
import { textParts, wholeText } from "../../towers/text_parts.ts";
import type { TowerPart } from "../../towers/tower_part.ts";
import type { Batch } from "../loop/batches.ts";
import type { Keeper } from "./keeper.ts";
import type { KnownPictures } from "./known_pictures.ts";
import {
  type BatchRows,
  countRows,
  type RowGroup,
  type RowSource,
  type TowerRows,
} from "./tower_rows.ts";
import { passesOf } from "./tower_passes.ts";

/** What {@linkcode embed} needs. */
export interface EmbedOptions extends ForwardOptions {
  /** By the name of each trained parameter. */
  readonly gradients: ReadonlyMap<string, DeviceTensor>;
  /** Whether towers may stand in the loss's program. */
  readonly together: boolean;
  /** Gets what the parts of trained towers leave for their way back. */
  readonly keeper: Keeper;
  /** What a frozen image tower made of pictures before. Default: that is not kept. */
  readonly known?: KnownPictures | undefined;
}

/** A batch's embeddings, and the parts that its pictures and texts were cut into for them. */
export interface Embedded extends BatchRows {
  readonly parts: { readonly image: readonly TowerPart[]; readonly text: readonly TowerPart[] };
}

/**
 * The first part of a step: the batch through both towers, each in parts of at most `chunk` rows.
 * What is trained and fits one part is left to the loss's own program, which saves running it twice;
 * smaller parts are quicker still where all that they leave can be kept.
 */
export async function embed(
  { extras = [] }: AnyLoss,
  batch: Batch,
  options: EmbedOptions,
): Promise<Embedded> {
  if (batch.embedded !== undefined) return embeddedBefore(batch, batch.embedded, options);
  const wanted = (...features: (keyof TowerOutputs & LossExtra)[]) =>
    features.filter((each) => extras.includes(each));
  const image = await embedImages(batch, wanted("patches"), options);
  const text = await embedTexts(batch, wanted("tokens", "pooled"), options);
  return { image: image.rows, text: text.rows, parts: { image: image.parts, text: text.parts } };
}

/** A tower's rows, and the parts that they were computed in. */
interface EmbeddedTower {
  readonly rows: TowerRows;
  readonly parts: readonly TowerPart[];
}

async function embedImages(
  { ids: { length: rows }, pixels, images = [], epoch }: Batch,
  wanted: readonly (keyof TowerOutputs)[],
  options: EmbedOptions,
): Promise<EmbeddedTower> {
  const own = { name: "image", count: 1, present: new Float32Array(rows).fill(1) };
  const groups = [own, ...images];
  const count = countRows(rows, groups);
  const { model, chunk, device, known } = options;
  const partsOf = (most: number) => pictureParts(model, pixels, count, most, wanted);
  const most = picturesAtOnce(model, chunk, device);
  if (known !== undefined && wanted.length === 0 && !isTrained("image", options)) {
    const batch = { count, together: partSize(count, most), epoch };
    const values = await known.embed(pixels, batch, async (pixels, count) => {
      const parts = pictureParts(model, pixels, count, most);
      return (await embedParts(parts, count, options)).embedding.values;
    });
    const embedding = { values, shape: [model.dim] };
    return {
      rows: { groups, source: { kind: "before", values: { embedding }, trained: false } },
      parts: [],
    };
  }
  const small = partsOf(most);
  const inside = mayBeInside("image", options) && count <= chunk &&
    !(small.length > 1 && await fit(small, options));
  const parts = inside ? partsOf(chunk) : small;
  const whole = inside ? parts[0] : undefined;
  return { rows: { groups, source: await sourceOf("image", count, parts, whole, options) }, parts };
}

async function embedTexts(
  batch: Batch,
  wanted: readonly (keyof TowerOutputs)[],
  options: EmbedOptions,
): Promise<EmbeddedTower> {
  const { model, chunk } = options;
  const texts = batch.groups.flatMap(({ tokens }) => tokens);
  const whole = mayBeInside("text", options) ? wholeText(model, texts, chunk, wanted) : undefined;
  const parts = whole === undefined ? textParts(model, texts, chunk, wanted) : [whole];
  const groups = batch.groups.map(({ name, count, present, tokens }): RowGroup => ({
    ...{ name, count, present },
    ...(wanted.includes("tokens")
      ? { lengths: Float32Array.from(tokens, ({ length }) => length) }
      : {}),
  }));
  const source = await sourceOf("text", texts.length, parts, whole, options);
  return { rows: { groups, source }, parts };
}

/** A batch that needs no tower. */
function embeddedBefore(
  { ids: { length: rows }, groups }: Batch,
  { image, text }: NonNullable<Batch["embedded"]>,
  options: EmbedOptions,
): Embedded {
  for (const tower of ["image", "text"] as const) {
    if (!isTrained(tower, options)) continue;
    throw new RangeError(
      `frozen: expected "${tower}" in it, as the batches hold what the tower made of them before ` +
        `training, found that it is trained`,
    );
  }
  const shape = [options.model.dim];
  const source = (values: Float32Array) =>
    ({ kind: "before", values: { embedding: { values, shape } }, trained: false }) as const;
  const own = { name: "image", count: 1, present: new Float32Array(rows).fill(1) };
  return {
    image: { groups: [own], source: source(image) },
    text: {
      groups: groups.map(({ name, count, present }) => ({ name, count, present })),
      source: source(text),
    },
    parts: { image: [], text: [] },
  };
}

type TowerName = "image" | "text";

function isTrained(tower: TowerName, { model, gradients }: EmbedOptions): boolean {
  return model.parameters.some(({ part, name }) => part === tower && gradients.has(name));
}

function mayBeInside(tower: TowerName, options: EmbedOptions): boolean {
  return options.together && isTrained(tower, options);
}

/** Whether what parts of one size leave for their way back can be kept. */
async function fit(
  parts: readonly TowerPart[],
  options: EmbedOptions,
): Promise<boolean> {
  const { keptBytes } = await passesOf(parts[0]!, options);
  return options.keeper.has(parts.length * keptBytes);
}

async function sourceOf(
  tower: TowerName,
  count: number,
  parts: readonly TowerPart[],
  whole: TowerPart | undefined,
  options: EmbedOptions,
): Promise<RowSource> {
  if (whole !== undefined) return { kind: "inside", part: whole };
  if (!isTrained(tower, options)) {
    return { kind: "before", values: await embedParts(parts, count, options), trained: false };
  }
  const values = await collectRows(parts, count, options, async (part) => {
    const { rows, keptBytes, forward } = await passesOf(part, options);
    const run: RowProgram["run"] = async (inputs) => {
      const { outputs, kept } = await forward(inputs);
      options.keeper.put(part, kept, keptBytes);
      return outputs;
    };
    return { rows, run };
  });
  return { kind: "before", values, trained: true };
}
