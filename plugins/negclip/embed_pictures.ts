import { type DataSet, type Encoder, ImageError, type Raster } from "../../mod.ts";

/** Embeddings of the pictures of a data set that could be decoded. */
export interface PictureEmbeddings {
  /** `[rows.length, dim]`, of unit length. */
  readonly embeddings: Float32Array;
  /** Which examples they are of. */
  readonly rows: readonly number[];
}

/** Pictures embedded between two lines of progress. */
const BLOCK = 1024;

/** Stands for a picture that cannot be decoded, in a chunk that is embedded with others. */
const NOTHING: Raster = { width: 1, height: 1, data: new Uint8Array(3) };

/** Embeds every picture of a data set; those that cannot be decoded are named and left out. */
export async function embedPictures(
  data: DataSet,
  encoder: Encoder,
  log: (line: string) => void,
): Promise<PictureEmbeddings> {
  const { dim } = encoder;
  const embeddings = new Float32Array(data.length * dim);
  const rows: number[] = [];
  for (let start = 0; start < data.length; start += BLOCK) {
    const size = Math.min(BLOCK, data.length - start);
    const broken = new Set<number>();
    const found = await encoder.images(size, async (i) => {
      try {
        return await data.pixels(start + i);
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        broken.add(i);
        log(`left out of the search for neighbours: ${error.message}`);
        return NOTHING;
      }
    });
    for (let i = 0; i < size; i++) {
      if (broken.has(i)) continue;
      embeddings.set(found.subarray(i * dim, (i + 1) * dim), rows.length * dim);
      rows.push(start + i);
    }
    log(`embedded ${start + size} of ${data.length} pictures`);
  }
  return { embeddings: embeddings.subarray(0, rows.length * dim), rows };
}
