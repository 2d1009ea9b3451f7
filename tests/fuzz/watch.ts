import { TextLineStream } from "./text_lines.ts";
import type { Outcome } from "./judge.ts";
import type { FuzzJob, WorkerLine } from "./worker.ts";
import { WITH_LOCK } from "../helpers/with_lock.ts";

/** What is asked for. */
export interface WatchOptions {
  /** The module whose `cases` hold the case. */
  readonly module: string;
  /** The cases. */
  readonly names: readonly string[];
  readonly seed: number;
  /** How many inputs each case has. */
  readonly inputs: number;
  /** Milliseconds of a processor that one input may take. */
  readonly longest: number;
  /** Bytes that the process may have at its most. */
  readonly largest: number;
}

/** What came of one input, seen from outside. */
export interface WatchedInput {
  /** The case. */
  readonly name: string;
  readonly input: number;
  readonly outcome: Outcome | {
    readonly kind: "hang" | "memory" | "crash";
    readonly message: string;
  };
  readonly milliseconds: number;
  /** The most bytes of the process; null where the system does not tell. */
  readonly peak: number | null;
}

/** Whether an input was read, read in part, or refused in words for people. */
export function isSound({ outcome }: WatchedInput): boolean {
  return ["read", "faults", "refused"].includes(outcome.kind);
}

/** Milliseconds for the worker's modules, and for what stands beside a case's inputs. */
const START = 60_000;

/** Milliseconds after which a process that does nothing at all counts as hanging. */
const WAIT = 180_000;

/** Milliseconds between two looks at the worker's memory. */
const LOOK = 50;

/**
 * Reads spoiled files in a process of its own, which is ended and begun anew where it hangs.
 *
 * @throws {Error} if the process cannot even begin.
 */
export async function* watch(options: WatchOptions): AsyncGenerator<WatchedInput> {
  const last = options.inputs - 1;
  let jobs: FuzzJob[] = options.names.map((name) => ({ name, first: 0, last }));
  while (jobs.length > 0) {
    let reached: WatchedInput | undefined;
    for await (const result of runWorker(options, jobs)) {
      reached = result;
      yield result;
    }
    // All of them, or all up to one that ended the process.
    const at = jobs.findIndex(({ name }) => name === reached!.name);
    jobs = [{ ...jobs[at]!, first: reached!.input + 1 }, ...jobs.slice(at + 1)]
      .filter(({ first }) => first <= last);
  }
}

async function* runWorker(
  { module, seed, longest, largest }: WatchOptions,
  jobs: readonly FuzzJob[],
): AsyncGenerator<WatchedInput> {
  const worker = new URL("./worker.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", WITH_LOCK, "--no-check", worker, module, `${seed}`, JSON.stringify(jobs)],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  let at: Pick<WatchedInput, "name" | "input"> | undefined;
  const isCounted = spent(child.pid) !== undefined;
  const now = () => spent(child.pid) ?? (isCounted ? 0 : performance.now());
  let began = now();
  let started = performance.now();
  let limit = START;
  let ended: { readonly kind: "hang" | "memory"; readonly message: string } | undefined;
  const end = (kind: "hang" | "memory", message: string) => {
    if (ended !== undefined) return;
    ended = { kind, message };
    try {
      child.kill("SIGKILL");
    } catch (error) {
      // It has ended by itself meanwhile.
      if (!(error instanceof TypeError)) throw error;
    }
  };
  const look = setInterval(() => {
    const took = now() - began;
    // On a busy machine a process may wait for long without being at fault.
    const waited = performance.now() - started;
    if (took > limit || waited > WAIT) {
      end("hang", `no end after ${Math.round(took)} ms of work, ${Math.round(waited)} ms in all`);
    }
    const bytes = memoryOf(child.pid);
    if (bytes > largest) end("memory", `${bytes} bytes`);
  }, LOOK);
  try {
    for await (const text of child.stdout.pipeThrough(new TextLineStream())) {
      const { name, input, outcome, peak = null } = JSON.parse(text) as WorkerLine;
      const milliseconds = now() - began;
      began = now();
      started = performance.now();
      if (outcome === undefined) {
        at = { name, input };
        limit = longest;
        continue;
      }
      at = undefined;
      // What stands beside the next case's inputs is made meanwhile.
      limit = START;
      const outgrown = peak !== null && peak > largest;
      const judged = outgrown ? { kind: "memory" as const, message: `${peak} bytes` } : outcome;
      yield { name, input, outcome: judged, milliseconds, peak };
    }
    const { success, code, signal } = await child.status;
    if (success) return;
    const message = `exit ${code}, signal ${signal}: ${(await errors).slice(-500)}`;
    if (at === undefined) throw new Error(`the worker ended between inputs: ${message}`);
    const outcome = ended ?? { kind: "crash" as const, message };
    yield { ...at, outcome, milliseconds: performance.now() - started, peak: null };
  } finally {
    clearInterval(look);
  }
}

/** Milliseconds of a processor that a process has had; undefined where the system does not tell. */
function spent(pid: number): number | undefined {
  try {
    const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1]!.split(" ");
    // Its own and the system's for it, in hundredths of a second.
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return undefined;
  }
}

/** Bytes of a process; 0 where the system does not tell. */
function memoryOf(pid: number): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
