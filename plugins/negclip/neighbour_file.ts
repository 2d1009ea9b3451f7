import { z } from "zod";
import { checkContent } from "../../core/check_content.ts";
import type { Encoder } from "../../core/evaluator.ts";
import { writeFileAtomically } from "../../core/host/storage/atomic_file.ts";
import { readText } from "../../core/host/storage/read_text.ts";
import type { Raster } from "../../core/images/raster.ts";
import { parseJson } from "../../core/parse_json.ts";
import { createRandom } from "../../core/random.ts";

/** The neighbours of every example, and what they were found with. */
export interface Neighbours {
  /** The fingerprint of the data. */
  readonly data: string;
  /** The most that an example has. */
  readonly count: number;
  /** The embedding of a picture that is always the same: tells models from each other. */
  readonly probe: readonly number[];
  /**
   * For each example the indices of others, the nearest first; none where it has no embedding. Of
   * examples that share a picture the first stands for all.
   */
  readonly neighbours: readonly (readonly number[])[];
}

const schema = z.strictObject({
  data: z.string(),
  count: z.int().min(1),
  probe: z.array(z.number()),
  neighbours: z.array(z.array(z.int().min(0))),
});

/** How much numbers of the same embedding differ from device to device. */
const TOLERANCE = 1e-2;

/**
 * Reads neighbours from a file.
 *
 * @param wanted What they must have been found with.
 * @returns `undefined` if there is no such file, or it is about other data or another model.
 * @throws {SyntaxError} if the file holds something else.
 */
export async function readNeighbours(
  path: string,
  wanted: Omit<Neighbours, "neighbours">,
): Promise<Neighbours | undefined> {
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const data = checkContent(path, "a file of neighbours", schema, parseJson(path, text));
  const isWanted = data.data === wanted.data && data.count === wanted.count &&
    data.probe.length === wanted.probe.length &&
    data.probe.every((value, i) => Math.abs(value - wanted.probe[i]!) < TOLERANCE);
  return isWanted ? data : undefined;
}

/** Writes neighbours to a file, whole or not at all. */
export async function writeNeighbours(path: string, found: Neighbours): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(found)}\n`);
}

/** The embedding of a picture of noise. */
export async function probe(encoder: Encoder): Promise<readonly number[]> {
  const random = createRandom(0, "negclip probe");
  const side = 64;
  const data = Uint8Array.from({ length: side * side * 3 }, () => random.integer(256));
  const raster: Raster = { width: side, height: side, data };
  return Array.from(await encoder.images(1, () => Promise.resolve(raster)));
}
