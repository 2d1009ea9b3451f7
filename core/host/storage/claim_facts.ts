import { writeFileAtomically } from "./atomic_file.ts";
import { readJson } from "./read_json.ts";

/** What stands in a folder already, and by what it differs. */
export interface OtherFacts<T, K extends keyof T> {
  readonly before: T;
  readonly now: T;
  /** The first of the facts that count that is another one. */
  readonly differs: K;
}

/**
 * Writes what a folder's files are of, or holds it against what stands there.
 *
 * @param parse Checks what is read.
 * @param counted The facts in which both have to be the same.
 * @returns undefined if they are, or there was nothing.
 */
export async function claimFacts<T, K extends keyof T>(
  path: string,
  facts: object,
  parse: (value: unknown) => T,
  counted: readonly K[],
): Promise<OtherFacts<T, K> | undefined> {
  const found = await readJson(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (found === undefined) {
    await writeFileAtomically(path, `${JSON.stringify(facts, null, 2)}\n`);
    return undefined;
  }
  const [before, now] = [parse(found), parse(facts)];
  const differs = counted.find((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]));
  return differs === undefined ? undefined : { before, now, differs };
}
