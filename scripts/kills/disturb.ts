/**
 * One case: a command that is called until it ends by itself, and disturbed some times before.
 *
 * @module
 */
import { createRandom, type Random } from "../../core/random.ts";
import { call, type CallEnd, type Moment, phaseOf } from "./call.ts";
import { fillDisk } from "./fill_disk.ts";
import { filesIn, TEMPORARY } from "./files.ts";
import type { Job } from "./job.ts";
import { differences } from "./results.ts";
import { brokenFiles } from "./whole.ts";

/** What a command leaves when nothing happens to it. */
export interface Undisturbed {
  readonly seconds: number;
  readonly results: ReadonlyMap<string, string>;
}

/** What came of all cases of a job. */
export interface Tally {
  cases: number;
  /** Kills, or times that the disk was full. */
  kills: number;
  /** How many of them left a temporary file, half written. */
  leftovers: number;
  /** How many of them came while the command did what. */
  readonly phases: Map<string, number>;
  /** What the command said of full disks, without numbers and folders. */
  readonly messages: Set<string>;
  readonly faults: string[];
}

/** How a job is disturbed. */
export interface Disturbance {
  readonly job: Job;
  readonly expected: Undisturbed;
  readonly tally: Tally;
  /** How many kills there may be in all. */
  readonly kills: number;
  readonly seed: number;
  /** The folder that homes are made in. */
  readonly base: string;
  /** Whether its file system is filled up in the place of kills. */
  readonly fill: boolean;
  /** Whether homes are left for somebody to look at. */
  readonly keep: boolean;
}

/** Calls the command in an empty folder with no disturbance, and gives what it left. */
export async function undisturbed(job: Job, home: string): Promise<Undisturbed> {
  await begin(job, home);
  const end = await call(await job.command(home), home);
  if (end.code !== 0) throw new Error(`${job.name}, undisturbed:\n${end.text}`);
  return { seconds: end.seconds, results: await job.results(home) };
}

/** Works through the next case of a tally, and adds what came of it. */
export async function disturb(
  { job, expected, tally, kills, seed, base, fill, keep }: Disturbance,
): Promise<void> {
  const number = tally.cases++;
  const random = createRandom(seed, job.name, number);
  const home = `${base}/${job.name}-${number}`;
  await begin(job, home);
  const fault = (text: string) => {
    tally.faults.push(text);
    console.log(`${job.name}, case ${number}: ${text}`);
  };
  const most = 1 + (random.coin() ? 0 : 1 + random.integer(2));
  let hits = 0;
  for (let calls = 0;; calls++) {
    // A command that cannot come to its end is a fault, not an endless loop.
    if (calls > most + 5) return fault("expected an end after all kills, found none");
    const strikes = hits < most && tally.kills < kills;
    const moment = strikes ? momentOf(job, number, hits, expected.seconds, random) : undefined;
    const disk = fill ? fillDisk(base, random.integer(1 << 16)) : undefined;
    const end = await call(await job.command(home), home, moment, disk?.fill);
    const filled = await disk?.free() ?? false;
    const broken = await brokenFiles(home);
    if (broken.length > 0) fault(`not whole: ${broken.join("; ")}`);
    if (end.killed || filled) {
      hits++;
      tally.kills++;
      const phase = phaseOf(end.last);
      tally.phases.set(phase, (tally.phases.get(phase) ?? 0) + 1);
      if ((await filesIn(home)).some((path) => TEMPORARY.test(path))) tally.leftovers++;
      if (filled) checkMessage(end, home, tally, fault);
      continue;
    }
    if (end.code !== 0) return fault(`exit code ${end.code}:\n${end.text}`);
    // Where it ended before its first moment came there was no kill to show anything.
    if (strikes && hits === 0) return await Deno.remove(home, { recursive: true });
    break;
  }
  const found = await job.results(home).catch((error) => new Map([["results", String(error)]]));
  for (const difference of differences(expected.results, found)) {
    // What a full disk keeps out of the cache is computed again another time.
    if (!fill || !difference.startsWith("cache/")) fault(difference);
  }
  if (!keep) await Deno.remove(home, { recursive: true });
}

async function begin(job: Job, home: string): Promise<void> {
  await Deno.mkdir(home, { recursive: true });
  await job.prepare?.(home);
}

/**
 * When a case is struck: at first every other case at any moment, the others when something is
 * written, one kind of file after the other; later in the same case at random.
 */
function momentOf(
  { aims }: Job,
  number: number,
  hits: number,
  seconds: number,
  random: Random,
): Moment {
  const isAimed = hits === 0 ? number % 2 === 0 : random.coin();
  if (!isAimed) return { after: random.next() * seconds * 1000 };
  const at = hits === 0 ? aims[(number / 2) % aims.length]! : random.pick(aims);
  return { at, count: 1 + random.integer(3), delay: random.integer(4) };
}

/** A full disk is named, and what it hit; a reader of the message sees no stack. */
function checkMessage(
  { code, text }: CallEnd,
  home: string,
  { messages }: Tally,
  fault: (text: string) => void,
): void {
  if (code === 0) return;
  if (!/no space left| 0 MiB free/i.test(text)) fault(`expected "no space left", found:\n${text}`);
  if (/^\s+at /m.test(text)) fault(`expected no stack, found:\n${text}`);
  const message = text.trimEnd().split("\n").findLast((line) => line.startsWith("error: "));
  messages.add((message ?? text).replaceAll(home, "…").replaceAll(/\d{2,}/g, "#"));
}
