import { basename, join } from "node:path";
import type { BenchmarkList } from "../../../core/plugin.ts";
import { kindOf, placeNamed } from "./place_named.ts";

/** How a file of annotations may end that bears a benchmark's name. */
const ENDINGS = [".json", ".jsonl", ".csv", ".parquet"];

/**
 * Where each benchmark's annotations are, by what `--annotations` says: in a folder, first the folder
 * `<name>` or the file `<name>.json`, `.jsonl`, `.csv` or `.parquet`, by its own name or that of a benchmark with
 * the same annotations. What has neither keeps its authors' address, unless all benchmarks have the
 * same annotations: then what is given is theirs. A folder stands for the file in it that has the
 * authors' name, if there is one.
 *
 * @param given A folder; or, for benchmarks with the same annotations, also a file or an address.
 * @param names Benchmarks that take annotations.
 * @param known All benchmarks by name.
 * @returns addresses by benchmark.
 * @throws {RangeError} if several benchmarks need a folder and there is none.
 */
export async function findAnnotations(
  given: string,
  names: readonly string[],
  known: BenchmarkList,
): Promise<ReadonlyMap<string, string>> {
  const authorsOf = (name: string) => known[name]!.source.annotations;
  const haveSame = (name: string, other: string) =>
    name === other || authorsOf(name) !== null && authorsOf(name) === authorsOf(other);
  const shared = names.every((name) => haveSame(name, names[0]!));
  if (await kindOf(given) !== "folder") {
    if (shared) return new Map(names.map((name) => [name, given]));
    throw new RangeError(
      `--annotations: expected a folder with a folder or file for each of ${names.join(", ")}, ` +
        `found ${given}, which is none`,
    );
  }
  const found = new Map<string, string>();
  for (const name of names) {
    const alike = Object.keys(known).filter((other) => haveSame(other, name));
    const place = await ownPlace(given, [name, ...alike]) ?? (shared ? given : undefined);
    if (place !== undefined) found.set(name, await fileIn(place, authorsOf(name)));
  }
  return found;
}

/** What bears one of these names: the benchmark's, or that of one with the same annotations. */
async function ownPlace(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const each of names) {
    const place = await placeNamed(folder, each, ENDINGS);
    if (place !== undefined) return place.path;
  }
  return undefined;
}

async function fileIn(place: string, authors: string | null): Promise<string> {
  const file = join(place, basename(authors ?? ""));
  return await kindOf(file) === "file" ? file : place;
}
