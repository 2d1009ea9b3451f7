import { type DataSet, firstWithPicture } from "../../core/dataset.ts";
import type { Encoder } from "../../core/evaluator.ts";
import { embedReadable } from "../../core/scoring/embed_readable.ts";

/** Embeddings of those pictures of a data set that could be decoded. */
export interface PictureEmbeddings {
  /** `[rows.length, dim]`, of unit length. */
  readonly embeddings: Float32Array;
  /** Which examples they are of; of those that share a picture, the first. */
  readonly rows: readonly number[];
}

/** Pictures embedded between two lines of progress. */
const BLOCK = 1024;

/** Embeds every picture of a data set once; those that cannot be decoded are named and left out. */
export async function embedDataSet(
  data: DataSet,
  encoder: Encoder,
  log: (line: string) => void,
): Promise<PictureEmbeddings> {
  const { dim } = encoder;
  const pictures = Array.from({ length: data.length }, (_, index) => index)
    .filter((index) => firstWithPicture(data, index) === index);
  const embeddings = new Float32Array(pictures.length * dim);
  const rows: number[] = [];
  for (let start = 0; start < pictures.length; start += BLOCK) {
    const size = Math.min(BLOCK, pictures.length - start);
    const { rows: found, kept, broken } = await embedReadable(
      encoder,
      size,
      (place) => data.pixels(pictures[start + place]!),
      (place) => data.record(pictures[start + place]!).id,
    );
    for (const { message } of broken.values()) {
      log(`left out of the search for neighbours: ${message}`);
    }
    embeddings.set(found, rows.length * dim);
    rows.push(...kept.map((place) => pictures[start + place]!));
    log(`embedded ${start + size} of ${pictures.length} pictures`);
  }
  return { embeddings: embeddings.subarray(0, rows.length * dim), rows };
}
