import sharp from "sharp";
import { createAssets } from "../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../core/host/images/pool.ts";
import type { Context } from "../../core/context.ts";
import type { Encoder } from "../../core/evaluator.ts";

/** An encoder whose embeddings a test writes down itself. */
export interface WrittenEncoder extends Encoder {
  /** How many pictures it was asked for, and which texts. */
  readonly asked: { images: number; readonly texts: string[] };
}

/**
 * An encoder of which picture `n`, one whose first pixel has the red value `n`, is the unit vector
 * along axis `n`, and a text is the vector that it ends in: `"a cat @0.8,0.6"`. So the score of a
 * picture and a text is value `n` of the text, exactly where it is a float32.
 */
export function writtenEncoder(dim: number): WrittenEncoder {
  const asked: WrittenEncoder["asked"] = { images: 0, texts: [] };
  return {
    dim,
    asked,
    images: async (count, picture) => {
      asked.images += count;
      const rows = new Float32Array(count * dim);
      for (let i = 0; i < count; i++) rows[i * dim + (await picture(i)).data[0]!] = 1;
      return rows;
    },
    texts: (texts) => {
      asked.texts.push(...texts);
      const rows = new Float32Array(texts.length * dim);
      texts.forEach((text, i) => {
        const values = text.slice(text.lastIndexOf("@") + 1).split(",").map(Number);
        rows.set(values, i * dim);
      });
      return Promise.resolve(rows);
    },
  };
}

/** A PNG file of one colour, picture `red` of a {@linkcode writtenEncoder}. */
export async function writePicture(path: string, red: number): Promise<void> {
  const background = { r: red, g: 0, b: 0 };
  await sharp({ create: { width: 2, height: 2, channels: 3, background } }).png().toFile(path);
}

/** A context on this machine alone; what is logged is kept. */
export function benchmarkContext(): Context & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    assets: createAssets({ cache: "/nonexistent", offline: true }),
    images: createPicturePool({ workers: 0 }),
    log: (line) => lines.push(line),
    lines,
  };
}
