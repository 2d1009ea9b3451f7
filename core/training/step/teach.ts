import type { DeviceTensor } from "../../device/device.ts";
import type { Encoder } from "../../evaluator.ts";
import type { AnyLoss } from "../../loss.ts";
import { embedParts, type ForwardOptions } from "../../towers/forward.ts";
import type { HostRows } from "../../towers/host_rows.ts";
import { pictureParts } from "../../towers/picture_parts.ts";
import { picturesAtOnce } from "../../towers/pictures_at_once.ts";
import { textParts } from "../../towers/text_parts.ts";
import type { Batch } from "../loop/batches.ts";
import type { BatchRows, RowGroup, TeacherName } from "./tower_rows.ts";

/** What {@linkcode teach} needs. */
export interface TeachOptions extends ForwardOptions {
  /** A model that training does not change. */
  readonly frozen?: Encoder | undefined;
  /** The running average of each trained parameter. */
  readonly averages?: ReadonlyMap<string, DeviceTensor> | undefined;
}

/**
 * A batch's own pictures and texts by other models than the one that is trained: by those that the
 * loss asks for.
 */
export async function teach(
  { extras = [] }: AnyLoss,
  batch: Batch,
  options: TeachOptions,
): Promise<Readonly<Partial<Record<TeacherName, BatchRows>>>> {
  return {
    ...(extras.includes("frozen") ? { frozen: await byEncoder(batch, options) } : {}),
    ...(extras.includes("averaged") ? { averaged: await byAverage(batch, options) } : {}),
  };
}

/** By a model that takes pictures and texts as they are: it may know their embeddings already. */
async function byEncoder(batch: Batch, { frozen }: TeachOptions): Promise<BatchRows> {
  const { sources } = batch;
  if (frozen === undefined || sources === undefined) {
    throw new TypeError("a loss that asks for frozen embeddings needs a frozen model, found none");
  }
  const { pictures, texts } = sources;
  const image = await frozen.images(pictures.length, (i) => Promise.resolve(pictures[i]!));
  const shape = [frozen.dim];
  return rowsOf(batch, {
    image: { values: image, shape },
    text: { values: await frozen.texts(texts), shape },
  });
}

/** By the trained towers with averaged weights. */
async function byAverage(batch: Batch, options: TeachOptions): Promise<BatchRows> {
  const { device, model, parameters, averages, chunk } = options;
  if (averages === undefined) {
    throw new TypeError("a loss that asks for averaged embeddings needs averages, found none");
  }
  const averaged = { ...options, parameters: new Map([...parameters, ...averages]) };
  const { ids: { length: rows }, pixels, groups } = batch;
  const texts = groups.flatMap(({ tokens }) => tokens);
  const own = pixels.subarray(0, rows * 3 * model.image.size ** 2);
  const most = picturesAtOnce(model, chunk, device);
  return rowsOf(batch, {
    image: (await embedParts(pictureParts(model, own, rows, most), rows, averaged)).embedding,
    text: (await embedParts(textParts(model, texts, chunk), texts.length, averaged)).embedding,
  });
}

function rowsOf(
  { ids: { length: rows }, groups }: Batch,
  found: { readonly image: HostRows; readonly text: HostRows },
): BatchRows {
  const source = (embedding: HostRows) =>
    ({ kind: "before", values: { embedding }, trained: false }) as const;
  const own: RowGroup = { name: "image", count: 1, present: new Float32Array(rows).fill(1) };
  return {
    image: { groups: [own], source: source(found.image) },
    text: { groups, source: source(found.text) },
  };
}
