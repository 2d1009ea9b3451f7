import { type DataSet, firstWithPicture } from "../../core/dataset.ts";
import type { Encoder } from "../../core/evaluator.ts";
import type { Exchange } from "../../core/processes/exchange.ts";
import { nameEmbeddings } from "../../core/embedding_error.ts";
import { ImageError } from "../../core/images/image_error.ts";
import type { Raster } from "../../core/images/raster.ts";

/** Embeddings of those pictures of a data set that could be decoded. */
export interface PictureEmbeddings {
  /** `[rows.length, dim]`, of unit length. */
  readonly embeddings: Float32Array;
  /** Which examples they are of; of those that share a picture, the first. */
  readonly rows: readonly number[];
}

/** Pictures embedded between two lines of progress. */
const BLOCK = 1024;

/** Stands for a picture that cannot be decoded, in a chunk that is embedded with others. */
const NOTHING: Raster = { width: 1, height: 1, data: new Uint8Array(3) };

/**
 * Embeds every picture of a data set once; those that cannot be decoded are named and left out,
 * whichever of the processes that share the work has found it.
 */
export async function embedDataSet(
  data: DataSet,
  encoder: Encoder,
  exchange: Exchange,
  log: (line: string) => void,
): Promise<PictureEmbeddings> {
  const { dim } = encoder;
  const pictures = Array.from({ length: data.length }, (_, index) => index)
    .filter((index) => firstWithPicture(data, index) === index);
  const embeddings = new Float32Array(pictures.length * dim);
  const rows: number[] = [];
  for (let start = 0; start < pictures.length; start += BLOCK) {
    const size = Math.min(BLOCK, pictures.length - start);
    const found = new Map<number, string>();
    const embedding = encoder.images(size, async (i) => {
      try {
        return await data.pixels(pictures[start + i]!);
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        found.set(i, error.message);
        return NOTHING;
      }
    });
    const block = await nameEmbeddings(
      embedding,
      (row) => data.record(pictures[start + row]!).id,
    );
    const own = [...found].map((each) => JSON.stringify(each));
    const faults = (await exchange.gatherNames(own))
      .map((text) => JSON.parse(text) as readonly [place: number, message: string]);
    for (const [, message] of faults) log(`left out of the search for neighbours: ${message}`);
    const broken = new Set(faults.map(([place]) => place));
    for (let i = 0; i < size; i++) {
      if (broken.has(i)) continue;
      embeddings.set(block.subarray(i * dim, (i + 1) * dim), rows.length * dim);
      rows.push(pictures[start + i]!);
    }
    log(`embedded ${start + size} of ${pictures.length} pictures`);
  }
  return { embeddings: embeddings.subarray(0, rows.length * dim), rows };
}
