/**
 * Reads spoiled files and says on a line each what came of it; `watch.ts` starts it, since a reader
 * that never ends can be ended from outside alone.
 *
 *     deno run -A tests/fuzz/worker.ts <module of cases> <seed> <jobs as JSON>
 */
import { basename, dirname, join } from "node:path";
import { createRandom } from "../../core/random.ts";
import { peakMemory } from "../helpers/peak_memory.ts";
import type { Files, FuzzCase } from "./fuzz_case.ts";
import { judge, type Outcome } from "./judge.ts";
import { mutate } from "./mutate.ts";

/** Inputs of a case. */
export interface FuzzJob {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

/** What the worker says of an input: that it begins with it, then what came of it. */
export interface WorkerLine {
  /** The case. */
  readonly name: string;
  readonly input: number;
  readonly outcome?: Outcome;
  readonly peak?: number | null;
}

const [module, seed, jobs] = Deno.args;
const { cases } = await import(module!) as { readonly cases: readonly FuzzCase[] };
const scratch = await Deno.makeTempDir({ prefix: "fuzz-" });
try {
  for (const { name, first, last } of JSON.parse(jobs!) as readonly FuzzJob[]) {
    const chosen = cases.find((each) => each.name === name);
    if (chosen === undefined) throw new RangeError(`expected a case of ${module}, found ${name}`);
    const valid = await chosen.valid();
    const beside = await chosen.beside?.() ?? {};
    for (let input = first; input <= last; input++) {
      say({ name, input });
      const bytes = mutate(valid, chosen, createRandom(Number(seed), name, input));
      forgetPeak();
      const outcome = await readIn(join(scratch, String(input)), chosen, beside, bytes);
      say({ name, input, outcome, peak: peak() });
    }
  }
} finally {
  await Deno.remove(scratch, { recursive: true });
}

async function readIn(
  folder: string,
  { file, read, named }: FuzzCase,
  beside: Files,
  bytes: Uint8Array,
): Promise<Outcome> {
  // A folder for each: decoders remember what they read by its path.
  for (const [name, content] of [...Object.entries(beside), [file, bytes] as const]) {
    const path = join(folder, name);
    await Deno.mkdir(dirname(path), { recursive: true });
    await (typeof content === "string"
      ? Deno.writeTextFile(path, content)
      : Deno.writeFile(path, content));
  }
  try {
    const { faults } = await read(join(folder, file));
    return { kind: faults > 0 ? "faults" : "read" };
  } catch (error) {
    return judge(error, [basename(file), folder, ...named === undefined ? [] : [named]]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function say(line: WorkerLine): void {
  console.log(JSON.stringify(line));
}

/** Begins the count of the most memory anew, where the system has such a count (Linux). */
function forgetPeak(): void {
  try {
    Deno.writeTextFileSync("/proc/self/clear_refs", "5");
  } catch {
    // Then the watch's own looks from outside are all there is.
  }
}

/** The most memory of this process since then, in bytes. */
function peak(): number | null {
  try {
    return peakMemory();
  } catch {
    return null;
  }
}
