import { expandHome } from "../../core/host/expand_home.ts";
import { sha256OfText } from "../../core/host/sha256_of_text.ts";
import { join } from "node:path";
import { firstWithPicture } from "../../core/dataset.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import { alone } from "../../core/processes/exchange.ts";
import { fromFirst } from "../../core/processes/together.ts";
import { embedDataSet } from "./embed_data_set.ts";
import { nearestNeighbours } from "./nearest_neighbours.ts";
import { readNeighbourFolder } from "./neighbour_folder.ts";
import { probe, readNeighbours, writeNeighbours } from "./neighbour_file.ts";

type NeighbourContext = Pick<
  PrepareContext,
  "assets" | "data" | "device" | "encoder" | "exchange" | "log" | "rehearsal"
>;

/** Which neighbours are wanted. */
export interface NeighbourSettings {
  /** The most that an example gets. */
  readonly neighbours: number;
  /** The folder that they were written to ahead, if any: then nothing is embedded. */
  readonly from: string | null;
  /** The folder that they are kept in, if any. */
  readonly cache: string | null;
}

/**
 * The pictures that look most like an example's, the nearest first, each as the indices of the
 * examples that have it. None where the example's own picture cannot be decoded.
 */
export type NeighboursOf = (index: number) => readonly (readonly number[])[];

/**
 * Finds neighbours where they were written ahead, in the cache, or by the embeddings of all pictures.
 *
 * @throws {RangeError} if fewer than two pictures can be decoded, or those written ahead are not of
 *   this data.
 */
export async function findNeighbours(
  context: NeighbourContext,
  settings: NeighbourSettings,
): Promise<NeighboursOf> {
  const { neighbours: wanted, from } = settings;
  const neighbours = from === null
    ? await nearestPictures(context, settings)
    : await readNeighbourFolder(from, wanted, {
      ...context,
      log: (line) => context.log(`negclipRows: ${line}`),
    });
  const { data } = context;
  const examples: number[][] = neighbours.map(() => []);
  for (let index = 0; index < data.length; index++) {
    examples[firstWithPicture(data, index)]!.push(index);
  }
  return (index) => neighbours[firstWithPicture(data, index)]!.map((first) => examples[first]!);
}

/** By the first example with a picture the first ones with others, none for all other examples. */
async function nearestPictures(
  { data, device, encoder, log, exchange = alone }: NeighbourContext,
  { neighbours: count, cache }: Omit<NeighbourSettings, "from">,
): Promise<readonly (readonly number[])[]> {
  const tell = (line: string) => log(`negclipRows: ${line}`);
  const fingerprint = await data.fingerprint();
  const wanted = { data: fingerprint, count, probe: await probe(encoder) };
  const folder = cache === null ? undefined : expandHome(cache);
  const path = folder === undefined ? undefined : join(folder, `${fileName(fingerprint)}.json`);
  if (path !== undefined) {
    const known = await fromFirst(exchange, () => readNeighbours(path, wanted));
    if (known !== undefined) {
      tell(`neighbours from ${path}`);
      return known.neighbours;
    }
  }
  const { embeddings, rows } = await embedDataSet(data, encoder, exchange, tell);
  if (rows.length < 2) {
    throw new RangeError(
      `negclipRows: expected at least two pictures that can be decoded in ${data.name}, ` +
        `found ${rows.length}`,
    );
  }
  const nearest = await nearestNeighbours(embeddings, {
    device,
    dim: encoder.dim,
    neighbours: count,
    onProgress: (done) => tell(`compared ${done} of ${rows.length} pictures`),
  });
  const each = nearest.length / rows.length;
  const neighbours = Array.from({ length: data.length }, (): number[] => []);
  for (const [i, row] of rows.entries()) {
    neighbours[row] = Array.from(
      nearest.subarray(i * each, (i + 1) * each),
      (place) => rows[place]!,
    );
  }
  if (path !== undefined && exchange.rank === 0) {
    await Deno.mkdir(folder!, { recursive: true });
    await writeNeighbours(path, { ...wanted, neighbours });
    tell(`neighbours written to ${path}`);
  }
  return neighbours;
}

/** A file name for a fingerprint, which may hold any characters. */
function fileName(fingerprint: string): string {
  return `neighbours-${sha256OfText(fingerprint).slice(0, 16)}`;
}
