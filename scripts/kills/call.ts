/**
 * The command line in a process of its own, which may be killed.
 *
 * @module
 */
import { relative } from "node:path";

const root = new URL("../../", import.meta.url);

/** When a process is killed. */
export type Moment =
  /** So many milliseconds after its start. */
  | { readonly after: number }
  /** So many milliseconds after the `count`-th sign of life of a path that fits. */
  | { readonly at: RegExp; readonly count: number; readonly delay: number };

/** How a call ended. */
export interface CallEnd {
  /** 128 and the signal's number where it was killed. */
  readonly code: number;
  readonly killed: boolean;
  readonly seconds: number;
  /** What it wrote to stderr. */
  readonly text: string;
  /** The path below the folder in which something happened last, if any did. */
  readonly last: string | undefined;
}

/**
 * Runs a command of Syntagma whose files all go below `home`, and kills it at a moment unless it
 * ends before.
 *
 * @param onMoment What is done at the moment in the place of a kill.
 */
export async function call(
  args: readonly string[],
  home: string,
  moment?: Moment,
  onMoment?: () => Promise<void>,
): Promise<CallEnd> {
  const started = performance.now();
  using events = Deno.watchFs(home);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--lock=deno.lock", "--no-check", "main.ts", ...args],
    cwd: root,
    env: { SYNTAGMA_CACHE: `${home}/cache`, SYNTAGMA_OFFLINE: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let killed = false;
  let ended = false;
  const strike = async (delay: number) => {
    await new Promise((done) => setTimeout(done, delay));
    if (ended) return;
    if (onMoment !== undefined) return await onMoment();
    killed = true;
    child.kill("SIGKILL");
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const struck = Promise.withResolvers<void>();
  struck.promise.catch(() => {});
  const hit = (delay: number) => {
    strike(delay).then(struck.resolve, struck.reject);
  };
  if (moment !== undefined && "after" in moment) timer = setTimeout(() => hit(0), moment.after);
  let last: string | undefined;
  let left = moment !== undefined && "at" in moment ? moment.count : Infinity;
  const watching = (async () => {
    for await (const { paths } of events) {
      for (const path of paths) {
        last = relative(home, path);
        if (left === Infinity || !(moment as { at: RegExp }).at.test(last)) continue;
        if (--left === 0) hit((moment as { delay: number }).delay);
      }
    }
  })();
  const { code, stderr } = await child.output();
  ended = true;
  clearTimeout(timer);
  if (left <= 0) await struck.promise;
  // What happened just before the end is told a little later.
  await new Promise((done) => setTimeout(done, 5));
  events.close();
  await watching;
  const seconds = (performance.now() - started) / 1000;
  return { code, killed, seconds, text: new TextDecoder().decode(stderr), last };
}

/** What a command was doing, by the path that it had touched last. */
export function phaseOf(last: string | undefined): string {
  const kinds: readonly (readonly [RegExp, string])[] = [
    [/^$/, "starting"],
    [/checkpoints\/.*\.tmp$/, "writing a checkpoint"],
    [/model(-trained)?\/.*\.tmp$/, "writing a model"],
    [/report\.html.*\.tmp$/, "writing the report"],
    [/(scores|evaluation)\/.*\.tmp$/, "writing scores"],
    [/\.tmp$/, "writing another file"],
    [/metrics\.jsonl$|tfevents|checkpoints/, "training"],
    [/scores\/patch/, "making the report"],
    [/scores|evaluation|\.embeddings$|runs\/.*manifest|model|alpha/, "evaluating"],
  ];
  return kinds.find(([pattern]) => pattern.test(last ?? ""))?.[1] ?? "filling a folder";
}
