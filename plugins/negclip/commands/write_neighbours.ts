import { join } from "node:path";
import type { Device } from "../../../core/device/device.ts";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { claimFacts } from "../../../core/host/storage/claim_facts.ts";
import { isShare, type Shard } from "../../../core/shard.ts";
import type { PictureEmbeddings } from "../../app/embed/read_embeddings.ts";
import { blocksOf, nearestAmong } from "../nearest_neighbours.ts";
import {
  checkNeighbourFacts,
  countFiles,
  NEIGHBOUR_FACTS,
  type NeighbourFacts,
  neighbourFile,
  type NeighbourLine,
} from "../neighbour_folder.ts";

/** What {@linkcode writeNeighbours} works on. */
export interface WriteNeighboursOptions {
  readonly embeddings: PictureEmbeddings;
  /** Where the files go; made if it is not there. */
  readonly folder: string;
  /** Where rows are compared. */
  readonly device: Device;
  /** How many neighbours a picture gets. */
  readonly neighbours: number;
  /** Pictures a file. */
  readonly rowsAFile: number;
  /** Only the files that are this process's share. Default: all. */
  readonly shard: Shard | undefined;
  /** Hears what is done. */
  readonly log: (line: string) => void;
  /** Stops the work within a file, which is then not there. */
  readonly signal: AbortSignal;
}

/**
 * Finds the neighbours of pictures among all, file by file, each written whole or not at all; files
 * that are there already are passed over.
 *
 * A file's rows are compared in the same blocks whoever writes it, so that it is the same to the last
 * byte.
 *
 * @returns how many files were written now, and how many were there.
 * @throws {RangeError} if the folder holds other neighbours, a picture's name comes twice, or there are
 *   too few pictures.
 * @throws the reason of `signal` once it is aborted.
 */
export async function writeNeighbours(
  { embeddings, folder, device, neighbours, rowsAFile, shard, log, signal }: WriteNeighboursOptions,
): Promise<{ readonly written: number; readonly kept: number }> {
  const { ids, files, broken } = embeddings;
  const { weights, towers, source, data, dim } = embeddings.facts;
  checkIds([...ids, ...broken], source, neighbours);
  const facts: NeighbourFacts = {
    ...{ format: 1, weights, tower: towers.image, source, data },
    ...{ pictures: ids.length, neighbours, rowsAFile, broken },
  };
  await claimNeighbours(folder, facts);
  let first = 0;
  const all = files.flatMap((rows) => {
    const blocks = blocksOf(rows, dim, first);
    first += rows.length / dim;
    return blocks;
  });
  let [written, kept] = [0, 0];
  const count = countFiles(facts);
  for (let place = 0; place < count; place++) {
    if (shard !== undefined && !isShare(shard, place)) continue;
    const path = join(folder, neighbourFile(place));
    if (await Deno.stat(path).then(() => true, () => false)) {
      kept++;
      continue;
    }
    const start = place * rowsAFile;
    const end = Math.min(ids.length, start + rowsAFile);
    const lines: string[] = [];
    for (const queries of blocksOf(rowsFrom(files, dim, start, end), dim, start)) {
      signal.throwIfAborted();
      const found = await nearestAmong(queries, all, { device, dim, neighbours });
      for (let row = 0; row < found.length / neighbours; row++) {
        const line: NeighbourLine = {
          id: ids[queries.first + row]!,
          neighbours: Array.from(
            found.subarray(row * neighbours, (row + 1) * neighbours),
            (other) => ids[other]!,
          ),
        };
        lines.push(`${JSON.stringify(line)}\n`);
      }
    }
    await writeFileAtomically(path, lines.join(""));
    written++;
    log(`${neighbourFile(place)}: pictures ${start + 1} to ${end} of ${ids.length}`);
  }
  return { written, kept };
}

/**
 * Writes what the folder is of, or makes sure that it is of the same.
 *
 * @throws {RangeError} if the folder holds other neighbours; names what differs.
 */
export async function claimNeighbours(folder: string, facts: NeighbourFacts): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const path = join(folder, NEIGHBOUR_FACTS);
  // Where the same embeddings lie does not matter.
  const other = await claimFacts(
    path,
    facts,
    (value: unknown) => checkNeighbourFacts(path, value),
    ["format", "tower", "data", "pictures", "neighbours", "rowsAFile", "broken"],
  );
  if (other === undefined) return;
  const { before, now, differs } = other;
  const [was, is] = [before, now].map((each) => JSON.stringify(each[differs]));
  throw new RangeError(
    `${folder}: holds other neighbours (${differs}: was ${was}, is ${is}); choose another folder`,
  );
}

function checkIds(ids: readonly string[], source: string, neighbours: number): void {
  if (ids.length <= neighbours) {
    throw new RangeError(
      `--neighbours ${neighbours}: expected fewer than the pictures of ${source}, found ${ids.length}`,
    );
  }
  const known = new Set<string>();
  for (const id of ids) {
    if (known.has(id)) {
      throw new RangeError(
        `${source}: expected another name for each picture, found "${id}" twice`,
      );
    }
    known.add(id);
  }
}

/** Rows from `start` to before `end` of files one after another. */
function rowsFrom(
  files: readonly Float32Array[],
  dim: number,
  start: number,
  end: number,
): Float32Array {
  const rows = new Float32Array((end - start) * dim);
  let first = 0;
  for (const file of files) {
    const count = file.length / dim;
    const [from, to] = [Math.max(start, first), Math.min(end, first + count)];
    if (from < to) {
      rows.set(file.subarray((from - first) * dim, (to - first) * dim), (from - start) * dim);
    }
    first += count;
  }
  return rows;
}
