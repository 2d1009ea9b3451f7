/**
 * The towers forward, in parts: embeddings without gradients.
 *
 * @module
 */
import { findNotFinite } from "../finite.ts";
import { compileTyped, type Held, readResults } from "../device/typed_program.ts";
import type { Device, DeviceTensor } from "../device/device.ts";
import { withUploads } from "../device/uploads.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { DualEncoder, TowerOutputs } from "../model.ts";
import type { Precision } from "../precision.ts";
import { copyRows, type HostRows, type TowerValues, zeroRows } from "./host_rows.ts";
import { inPrecision } from "./in_precision.ts";
import { parameterSymbols } from "./symbols.ts";
import { pictureParts } from "./picture_parts.ts";
import { picturesAtOnce } from "./pictures_at_once.ts";
import { textParts, wholeTexts } from "./text_parts.ts";
import { declareInputs, type TowerPart } from "./tower_part.ts";

/** What the towers forward need. */
export interface ForwardOptions {
  /** Where the towers run. */
  readonly device: Device;
  /** Whose towers they are. */
  readonly model: DualEncoder;
  /** The values in use; they may change between calls. */
  readonly parameters: ReadonlyMap<string, DeviceTensor>;
  /** The most rows that go through a tower together. */
  readonly chunk: number;
  /** What the towers compute in. Default `"float32"`. */
  readonly precision?: "float32" | "float16";
}

/** Embeddings on the host, as the towers give them: not normalised. */
export interface Forward {
  /**
   * Embeds pictures.
   *
   * @param pixels `[count, 3, size, size]`, normalised.
   * @returns `[count, dim]`.
   */
  images(pixels: Float32Array, count: number): Promise<Float32Array>;
  /**
   * Embeds texts.
   *
   * @param texts Token ids of each text.
   * @returns `[texts.length, dim]`.
   */
  texts(texts: readonly (readonly number[])[]): Promise<Float32Array>;
}

/** The towers of a model on a device. */
export function createForward(options: ForwardOptions): Forward {
  const { device, model, chunk } = options;
  return {
    images: async (pixels, count) => {
      const parts = pictureParts(model, pixels, count, picturesAtOnce(model, chunk, device));
      return (await embedParts(parts, count, options)).embedding.values;
    },
    texts: async (texts) => {
      const embed = async (parts: readonly TowerPart[]) =>
        (await embedParts(parts, texts.length, options)).embedding.values;
      const values = await embed(textParts(model, texts, chunk));
      if (findNotFinite(values) === -1) return values;
      return await embed(textParts(wholeTexts(model), texts, chunk));
    },
  };
}

/** The rows that a tower gives for a list that was cut into parts, in the order of the list. */
export async function embedParts(
  parts: readonly TowerPart[],
  count: number,
  { device, model, parameters, precision = "float32" }: Omit<ForwardOptions, "chunk">,
): Promise<TowerValues> {
  const held = Object.fromEntries(parameters);
  return await collectRows(parts, count, { device, model }, async (part) => {
    const { run, rows } = await programOf(part, device, model, precision);
    return { rows, run: (inputs) => run({ part: inputs, parameters: held }, {}) };
  });
}

/** A program that gives the rows of a part. */
export interface RowProgram {
  /** The shape of a row of each output. */
  readonly rows: Readonly<Record<string, readonly number[]>>;
  run(inputs: Held<Record<string, Tensor>>): Promise<Held<TowerOutputs>>;
}

/** As {@linkcode embedParts}, by any programs. */
export async function collectRows(
  parts: readonly TowerPart[],
  count: number,
  { device, model }: Pick<ForwardOptions, "device" | "model">,
  programOf: (part: TowerPart) => Promise<RowProgram>,
): Promise<TowerValues> {
  const values: Record<string, HostRows> = {};
  const compiled: RowProgram[] = [];
  for (const part of parts) compiled.push(await programOf(part));
  // No part has longer rows than the last one.
  for (const [name, shape] of Object.entries(compiled.at(-1)?.rows ?? { embedding: [model.dim] })) {
    values[name] = zeroRows(count, shape);
  }
  for (const [i, part] of parts.entries()) {
    const { run, rows } = compiled[i]!;
    const found = await withUploads(
      device,
      async (upload) => await readResults(await run(upload(part.inputs))),
    );
    for (const [name, shape] of Object.entries(rows)) {
      const from = { values: found[name as keyof TowerOutputs]!, shape };
      copyRows(from, values[name]!, part.rows);
    }
  }
  return values as unknown as TowerValues;
}

function programOf(part: TowerPart, device: Device, model: DualEncoder, precision: Precision) {
  return device.programs.get([model], `forward ${precision} ${part.key}`, async () => {
    const symbols = parameterSymbols(model);
    const inputs = declareInputs(part, "tower");
    const results = part.encode(inputs, symbols.lookup);
    const graph = { inputs: { part: inputs, parameters: Object.fromEntries(symbols.used) } };
    const computed = inPrecision(results, precision);
    const program = await compileTyped(device, { ...graph, results: computed, updates: {} });
    return { ...program, rows: rowShapes(results) };
  });
}

/** The shape of a row of each output. */
export function rowShapes(outputs: TowerOutputs): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    Object.entries(outputs).map((
      [name, tensor]: [string, Tensor],
    ) => [name, tensor.shape.slice(1)]),
  );
}
