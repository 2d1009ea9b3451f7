import { basename, dirname, join } from "node:path";

/**
 * Addresses with their patterns written out, in order: `{000..123}` stands for these numbers with
 * as many digits, in any address; `*` in the last part of a path for any characters, of the files
 * that are there.
 *
 * @throws {RangeError} if no file matches, or the numbers of a pattern are no range or too many.
 */
export async function expandPaths(addresses: readonly string[]): Promise<string[]> {
  const expanded: string[] = [];
  for (const address of addresses.flatMap(expandAll)) {
    if (!address.includes("*") || /^[a-z][a-z0-9+.-]+:/i.test(address)) expanded.push(address);
    else expanded.push(...await matchingFiles(address));
  }
  return expanded;
}

/** The most files that an address with patterns stands for. */
const MOST = 1_000_000;

function expandAll(address: string): string[] {
  const count = [...address.matchAll(new RegExp(NUMBERS, "g"))]
    .reduce((product, [, from, to]) => product * (Number(to) - Number(from) + 1), 1);
  if (count > MOST) {
    throw new RangeError(`${address}: expected at most ${MOST} files, found ${count}`);
  }
  return expandNumbers(address);
}

const NUMBERS = /\{(\d+)\.\.(\d+)\}/;

function expandNumbers(address: string): string[] {
  const match = NUMBERS.exec(address);
  if (match === null) return [address];
  const [pattern, from = "", to = ""] = match;
  if (Number(from) > Number(to)) {
    throw new RangeError(`${address}: expected a range such as {000..123}, found ${pattern}`);
  }
  const numbers = Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i);
  return numbers.flatMap((number) =>
    expandNumbers(address.replace(pattern, String(number).padStart(from.length, "0")))
  );
}

async function matchingFiles(path: string): Promise<string[]> {
  const folder = dirname(path);
  const pieces = basename(path).split("*").map((piece) =>
    piece.replace(/[\\^$.|?+()[\]{}]/g, "\\$&")
  );
  const pattern = new RegExp(`^${pieces.join(".*")}$`);
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory && pattern.test(name)) names.push(name);
  }
  if (names.length === 0) throw new RangeError(`${path}: expected files of that name, found none`);
  return names.sort().map((name) => join(folder, name));
}
