/**
 * The towers backward, in chunks: from gradients at the embeddings to those of the parameters.
 *
 * @module
 */
import { input } from "../../graph/node.ts";
import type { DualEncoder } from "../../model.ts";
import { createProgramCache } from "../../towers/program_cache.ts";
import { parameterSymbols } from "../../towers/symbols.ts";
import type { TextChunk } from "../../towers/text_chunks.ts";
import { compileGradients, type GradientProgram, type GradientSums } from "./gradient_program.ts";
import { withUploads } from "../loop/uploads.ts";

/** Runs towers a second time, with the gradients that arrived at their embeddings. */
export interface TowerBackward {
  /**
   * @param pixels `[rows, 3, size, size]`, of more rows than a chunk has.
   * @param arrived `[rows, dim]`.
   */
  images(pixels: Float32Array, rows: number, arrived: Float32Array): Promise<void>;
  /**
   * @param chunks All texts, cut up.
   * @param arrived `[texts, dim]`, in the order of the texts before they were cut up.
   */
  texts(chunks: readonly TextChunk[], arrived: Float32Array): Promise<void>;
  /** Frees the programs. */
  dispose(): Promise<void>;
}

/** The backward programs of a model, compiled as their shapes come up. */
export function createTowerBackward(
  options: GradientSums & { readonly model: DualEncoder; readonly chunk: number },
): TowerBackward {
  const { device, model, chunk } = options;
  const { dim, image: { size: side } } = model;
  const programs = createProgramCache<GradientProgram>();

  const imageProgram = () =>
    programs.get("image", () => {
      const symbols = parameterSymbols(model);
      const pixels = input("pixels", "float32", [chunk, 3, side, side]);
      const seed = input("seed", "float32", [chunk, dim]);
      const of = model.image.encode(pixels, symbols.lookup);
      return compileGradients({ symbols, inputs: [pixels, seed], of, seed }, options);
    });
  const textProgram = ({ size, tokens }: TextChunk) =>
    programs.get(`text ${size} ${tokens}`, () => {
      const symbols = parameterSymbols(model);
      const ids = input("ids", "int64", [size, tokens]);
      const end = input("end", "int64", [size]);
      const seed = input("seed", "float32", [size, dim]);
      const of = model.text.encode(ids, end, symbols.lookup);
      return compileGradients({ symbols, inputs: [ids, end, seed], of, seed }, options);
    });

  return {
    images: async (pixels, rows, arrived) => {
      const each = 3 * side * side;
      for (let start = 0; start < rows; start += chunk) {
        // As forward: the last chunk ends at the last picture; those it has seen get gradient zero.
        const from = Math.min(start, rows - chunk);
        const seed = new Float32Array(chunk * dim);
        seed.set(arrived.subarray(start * dim, (from + chunk) * dim), (start - from) * dim);
        const part = pixels.subarray(from * each, (from + chunk) * each);
        const { run } = await imageProgram();
        await withUploads(device, (upload) =>
          run({
            pixels: upload(part, [chunk, 3, side, side], "float32"),
            seed: upload(seed, [chunk, dim], "float32"),
          }));
      }
    },
    texts: async (chunks, arrived) => {
      for (const part of chunks) {
        // Rows that only fill the chunk up have gradient zero.
        const seed = new Float32Array(part.size * dim);
        for (const [i, row] of part.rows.entries()) {
          seed.set(arrived.subarray(row * dim, (row + 1) * dim), i * dim);
        }
        const { run } = await textProgram(part);
        await withUploads(device, (upload) =>
          run({
            ids: upload(part.ids, [part.size, part.tokens], "int64"),
            end: upload(part.end, [part.size], "int64"),
            seed: upload(seed, [part.size, dim], "float32"),
          }));
      }
    },
    dispose: () => programs.dispose(),
  };
}
