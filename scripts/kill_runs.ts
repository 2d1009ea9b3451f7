/**
 * Kills runs at random moments, lets them go on, and holds what they leave against an undisturbed
 * run, byte for byte:
 *
 *     deno run -A scripts/kill_runs.ts [--kills 100] [--seed 0] [--only run,study] [--keep]
 *
 * With `--disk <folder>` nothing is killed: the file system of that folder, a small one of its own,
 * fills up at random moments instead, and has room again before the command is called again.
 * The exit code is 1 if anything was lost, doubled, broken, or another than undisturbed.
 */
import { parseArgs } from "node:util";
import { createRandom, type Random } from "../core/random.ts";
import { call, type CallEnd, type Moment, phaseOf } from "./kills/call.ts";
import { fillDisk } from "./kills/fill_disk.ts";
import { filesIn, foldersIn, TEMPORARY } from "./kills/files.ts";
import { captionJob, downloadJob, evaluateJob, negativesJob } from "./kills/folder_jobs.ts";
import { servePictures, writeInputs } from "./kills/inputs.ts";
import type { Job } from "./kills/job.ts";
import { differences } from "./kills/results.ts";
import { reportJob, runJob, studyJob, sweepJob } from "./kills/run_jobs.ts";
import { brokenFiles } from "./kills/whole.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    kills: { type: "string", default: "100" },
    seed: { type: "string", default: "0" },
    only: { type: "string" },
    disk: { type: "string" },
    keep: { type: "boolean", default: false },
  },
});

/** How many of ten kills hit a job: runs have most to lose. */
const SHARES = {
  ...{ "run": 0.4, "study": 0.08, "sweep": 0.12, "report": 0.06, "evaluate": 0.1 },
  ...{ "write-negatives": 0.08, "download-images": 0.08, "caption-images": 0.08 },
} as const;

/** What came of one job. */
interface Tally {
  readonly undisturbed: number;
  cases: number;
  kills: number;
  leftovers: number;
  readonly phases: Map<string, number>;
  readonly faults: string[];
}

const base = await Deno.makeTempDir({ prefix: "kills-", ...(values.disk && { dir: values.disk }) });
// The inputs are no part of what fills up.
const still = values.disk === undefined ? base : await Deno.makeTempDir({ prefix: "kills-" });
const server = servePictures();
const tallies = new Map<string, Tally>();
try {
  await writeInputs(`${still}/inputs`, `http://127.0.0.1:${server.addr.port}`);
  const first = await undisturbed(runJob());
  const run = `${still}/undisturbed/run/runs/${
    (await foldersIn(`${still}/undisturbed/run/runs`))[0]
  }`;
  const folder = `${still}/inputs`;
  const jobs = [
    ...[runJob(), studyJob(), sweepJob({ run }), reportJob({ run }), evaluateJob({ folder })],
    ...[negativesJob({ folder }), downloadJob({ folder }), captionJob({ folder })],
  ].filter(({ name }) => values.only === undefined || values.only.split(",").includes(name));
  const all = jobs.reduce((sum, { name }) => sum + shareOf(name), 0);
  for (const job of jobs) {
    const expected = job.name === "run" ? first : await undisturbed(job);
    const kills = Math.max(1, Math.round(Number(values.kills) * shareOf(job.name) / all));
    const tally: Tally = {
      ...{ undisturbed: expected.seconds, cases: 0, kills: 0, leftovers: 0 },
      ...{ phases: new Map(), faults: [] },
    };
    tallies.set(job.name, tally);
    while (tally.kills < kills) await disturb(job, expected, tally, kills);
    console.log(describe(job.name, tally));
  }
} finally {
  await server.shutdown();
  if (!values.keep) {
    for (const folder of new Set([base, still])) await Deno.remove(folder, { recursive: true });
  }
}
const sum = (key: "cases" | "kills") =>
  [...tallies.values()].reduce((all, each) => all + each[key], 0);
const faults = [...tallies.values()].flatMap((each) => each.faults);
console.log(`${sum("kills")} kills in ${sum("cases")} cases, ${faults.length} faults`);
Deno.exit(faults.length > 0 ? 1 : 0);

/** What a command leaves when nothing happens to it. */
async function undisturbed(job: Job) {
  const home = `${still}/undisturbed/${job.name}`;
  await Deno.mkdir(home, { recursive: true });
  await job.prepare?.(home);
  const end = await call(await job.command(home), home);
  if (end.code !== 0) throw new Error(`${job.name}, undisturbed:\n${end.text}`);
  return { seconds: end.seconds, results: await job.results(home) };
}

/** One case: a command that is called until it ends by itself, and killed some times before. */
async function disturb(
  job: Job,
  expected: { readonly seconds: number; readonly results: ReadonlyMap<string, string> },
  tally: Tally,
  kills: number,
): Promise<void> {
  const number = tally.cases++;
  const random = createRandom(Number(values.seed), job.name, number);
  const home = `${base}/${job.name}-${number}`;
  await Deno.mkdir(home, { recursive: true });
  await job.prepare?.(home);
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
    const moment = strikes ? momentOf(job, expected.seconds, random) : undefined;
    const disk = values.disk === undefined ? undefined : fillDisk(base, random.integer(1 << 16));
    const end = await call(await job.command(home), home, moment, disk?.fill);
    const filled = await disk?.free() ?? false;
    const broken = await brokenFiles(home);
    if (broken.length > 0) fault(`not whole: ${broken.join("; ")}`);
    if (!end.killed && !filled) {
      if (end.code !== 0) fault(`exit code ${end.code}:\n${end.text}`);
      if (end.code !== 0 || !strikes || hits > 0) break;
      // It ended before its moment came: begun anew, for a case without a kill shows nothing.
      return await Deno.remove(home, { recursive: true });
    }
    hits++;
    tally.kills++;
    const phase = phaseOf(end.last);
    tally.phases.set(phase, (tally.phases.get(phase) ?? 0) + 1);
    if ((await filesIn(home)).some((path) => TEMPORARY.test(path))) tally.leftovers++;
    if (filled) checkMessage(end, fault);
    if (filled && end.code === 0) break;
  }
  const found = await job.results(home).catch((error) => new Map([["results", String(error)]]));
  for (const difference of differences(expected.results, found)) fault(difference);
  if (!values.keep) await Deno.remove(home, { recursive: true });
}

/** A moment anywhere in the command, or one when something is being written. */
function momentOf({ aims }: Job, seconds: number, random: Random): Moment {
  if (random.coin()) return { after: random.next() * seconds * 1000 };
  return { at: random.pick(aims), count: 1 + random.integer(3), delay: random.integer(4) };
}

/** A full disk is named, and what it hit; a reader of the message sees no stack. */
function checkMessage({ code, text }: CallEnd, fault: (text: string) => void): void {
  if (code === 0) return;
  if (!/no space left/i.test(text)) fault(`expected "no space left", found:\n${text}`);
  if (/^\s+at /m.test(text)) fault(`expected no stack, found:\n${text}`);
}

function shareOf(name: string): number {
  return SHARES[name as keyof typeof SHARES];
}

function describe(name: string, { undisturbed, cases, kills, leftovers, phases, faults }: Tally) {
  const where = [...phases].sort(([, a], [, b]) => b - a).map(([phase, n]) => `${phase} ${n}`);
  return `${name} (${undisturbed.toFixed(1)} s): ${kills} kills in ${cases} cases, ` +
    `${faults.length} faults; ${where.join(", ")}; ${leftovers} left a temporary file`;
}
