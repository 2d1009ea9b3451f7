/**
 * The towers forward, in parts: embeddings without gradients.
 *
 * @module
 */
import { compileTyped, readResults } from "../device/typed_program.ts";
import type { Device } from "../device/device.ts";
import { withUploads } from "../device/uploads.ts";
import type { DualEncoder } from "../model.ts";
import type { DeviceParameters } from "./device_parameters.ts";
import { copyRows, type HostRows, zeroRows } from "./host_rows.ts";
import { parameterSymbols } from "./symbols.ts";
import { declareInputs, pictureParts, textParts, type TowerPart } from "./tower_part.ts";

/** What the towers forward need. */
export interface ForwardOptions {
  /** Where the towers run. */
  readonly device: Device;
  /** Whose towers they are. */
  readonly model: DualEncoder;
  /** The values in use; they may change between calls. */
  readonly parameters: DeviceParameters;
  /** The most rows that go through a tower together. */
  readonly chunk: number;
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
  const { model, chunk } = options;
  return {
    images: async (pixels, count) =>
      (await embedParts(pictureParts(model, pixels, count, chunk), count, options)).values,
    texts: async (texts) =>
      (await embedParts(textParts(model, texts, chunk), texts.length, options)).values,
  };
}

/** The rows that a tower gives for a list that was cut into parts, in the order of the list. */
export async function embedParts(
  parts: readonly TowerPart[],
  count: number,
  { device, model, parameters }: Omit<ForwardOptions, "chunk">,
): Promise<HostRows> {
  const rows = zeroRows(count, [model.dim]);
  const all = Object.fromEntries(parameters);
  for (const part of parts) {
    const program = await device.programs.get([model], `forward ${part.key}`, () => {
      const symbols = parameterSymbols(model);
      const inputs = declareInputs(part, "tower");
      const results = part.encode(inputs, symbols.lookup);
      const parameters = Object.fromEntries(symbols.used);
      return compileTyped(device, { inputs: { part: inputs, parameters }, results, updates: {} });
    });
    const { embedding } = await withUploads(
      device,
      async (upload) =>
        await readResults(await program.run({ part: upload(part.inputs), parameters: all }, {})),
    );
    copyRows({ values: embedding, shape: rows.shape }, rows, part.rows.entries());
  }
  return rows;
}
