/**
 * The towers forward, in chunks: embeddings without gradients.
 *
 * @module
 */
import { input } from "../graph/node.ts";
import type { DualEncoder } from "../model.ts";
import type { Device, DeviceTensor, Program } from "../device/device.ts";
import type { DeviceParameters } from "./device_parameters.ts";
import { createProgramCache } from "./program_cache.ts";
import { parameterSymbols, pick } from "./symbols.ts";
import { textChunks } from "./text_chunks.ts";

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
  /** Frees the programs. */
  dispose(): Promise<void>;
}

type Compiled = { readonly program: Program; readonly parameters: Record<string, DeviceTensor> };

/** The towers of a model on a device; programs are compiled as their shapes come up. */
export function createForward(options: ForwardOptions): Forward {
  const { device, model, parameters, chunk } = options;
  const { dim, image: { size: side } } = model;
  const programs = createProgramCache<Compiled>();

  const imageProgram = (size: number) =>
    programs.get(`image ${size}`, async () => {
      const symbols = parameterSymbols(model);
      const pixels = input("pixels", "float32", [size, 3, side, side]);
      const embedding = model.image.encode(pixels, symbols.lookup);
      const inputs = [pixels, ...symbols.used.values()];
      const program = await device.compile({ inputs, outputs: { embedding } });
      return { program, parameters: pick(parameters, symbols.used) };
    });
  const textProgram = (size: number, tokens: number) =>
    programs.get(`text ${size} ${tokens}`, async () => {
      const symbols = parameterSymbols(model);
      const ids = input("ids", "int64", [size, tokens]);
      const end = input("end", "int64", [size]);
      const embedding = model.text.encode(ids, end, symbols.lookup);
      const inputs = [ids, end, ...symbols.used.values()];
      const program = await device.compile({ inputs, outputs: { embedding } });
      return { program, parameters: pick(parameters, symbols.used) };
    });

  return {
    images: async (pixels, count) => {
      const result = new Float32Array(count * dim);
      const size = Math.min(chunk, count);
      const each = 3 * side * side;
      for (let start = 0; start < count; start += size) {
        // The last chunk ends at the last picture and computes some a second time, so that one
        // program serves all chunks.
        const from = Math.min(start, count - size);
        const { program, parameters } = await imageProgram(size);
        const part = pixels.subarray(from * each, (from + size) * each);
        const rows = await runOnce(program, parameters, {
          pixels: device.upload(part, [size, 3, side, side], "float32"),
        });
        result.set(rows, from * dim);
      }
      return result;
    },
    texts: async (texts) => {
      const result = new Float32Array(texts.length * dim);
      const { padding } = model.tokenizer;
      const { contextLength: context, vocabulary } = model.text;
      for (const part of textChunks(texts, { size: chunk, padding, context, vocabulary })) {
        const { program, parameters } = await textProgram(part.size, part.tokens);
        const rows = await runOnce(program, parameters, {
          ids: device.upload(part.ids, [part.size, part.tokens], "int64"),
          end: device.upload(part.end, [part.size], "int64"),
        });
        for (const [i, row] of part.rows.entries()) {
          result.set(rows.subarray(i * dim, (i + 1) * dim), row * dim);
        }
      }
      return result;
    },
    dispose: () => programs.dispose(),
  };
}

async function runOnce(
  program: Program,
  parameters: Record<string, DeviceTensor>,
  inputs: Record<string, DeviceTensor>,
): Promise<Float32Array> {
  const { embedding } = await program.run({ ...parameters, ...inputs });
  const rows = await embedding!.read() as Float32Array;
  for (const tensor of [embedding!, ...Object.values(inputs)]) tensor.dispose();
  return rows;
}
