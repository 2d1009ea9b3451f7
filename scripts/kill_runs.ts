/**
 * Kills commands at random moments, lets them go on, and holds what they leave against what they
 * leave undisturbed, byte for byte:
 *
 *     deno run -A scripts/kill_runs.ts [--kills 100] [--seed 0] [--only run,study] [--keep]
 *
 * With `--disk <folder>` nothing is killed: the file system of that folder, a small one of its own,
 * fills up at random moments instead, and has room again before the command is called again.
 * The exit code is 1 if anything was lost, doubled, broken, or another than undisturbed.
 */
import { parseArgs } from "node:util";
import { disturb, type Tally, undisturbed } from "./kills/disturb.ts";
import { foldersIn } from "./kills/files.ts";
import { captionJob, downloadJob, evaluateJob, negativesJob } from "./kills/folder_jobs.ts";
import { servePictures, writeInputs } from "./kills/inputs.ts";
import type { Job } from "./kills/job.ts";
import { reportJob, runJob, studyJob, sweepJob } from "./kills/run_jobs.ts";

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

/** Each job's share of the kills: runs have most to lose. */
const SHARES: Readonly<Record<string, number>> = {
  ...{ "run": 40, "study": 8, "sweep": 12, "report": 6, "evaluate": 10 },
  ...{ "write-negatives": 8, "download-images": 8, "caption-images": 8 },
};
const only = values.only?.split(",") ?? Object.keys(SHARES);

const still = await Deno.makeTempDir({ prefix: "kills-" });
// Inputs and what is compared with are no part of what fills up.
const base = values.disk === undefined
  ? still
  : await Deno.makeTempDir({ prefix: "kills-", dir: values.disk });
const server = servePictures();
const tallies: Tally[] = [];
try {
  const folder = `${still}/inputs`;
  await writeInputs(folder, `http://127.0.0.1:${server.addr.port}`);
  const all = only.reduce((sum, name) => sum + SHARES[name]!, 0);
  for (const name of only) {
    const job = await jobOf(name, folder);
    const expected = await undisturbed(job, `${still}/undisturbed-${name}`);
    const kills = Math.max(1, Math.round(Number(values.kills) * SHARES[name]! / all));
    const tally: Tally = {
      ...{ cases: 0, kills: 0, leftovers: 0 },
      ...{ phases: new Map(), messages: new Set(), faults: [] },
    };
    tallies.push(tally);
    // A command that fails before it can be struck would never come to its kills.
    while (tally.kills < kills && tally.cases < 5 * kills + 5) {
      await disturb({
        ...{ job, expected, tally, kills, base, seed: Number(values.seed) },
        ...{ fill: values.disk !== undefined, keep: values.keep },
      });
    }
    console.log(describe(name, tally));
  }
} finally {
  await server.shutdown();
  if (!values.keep) {
    for (const each of new Set([base, still])) await Deno.remove(each, { recursive: true });
  }
}
const sum = (count: (tally: Tally) => number) =>
  tallies.reduce((all, each) => all + count(each), 0);
const faults = sum((tally) => tally.faults.length);
console.log(
  `${sum((tally) => tally.kills)} kills in ${sum((tally) => tally.cases)} cases, ${faults} faults`,
);
Deno.exit(faults > 0 ? 1 : 0);

/** A job by its name, with the run that some work on. */
async function jobOf(name: string, folder: string): Promise<Job> {
  const makers = {
    ...{ "run": runJob, "study": studyJob, "sweep": sweepJob, "report": reportJob },
    ...{ "evaluate": evaluateJob, "write-negatives": negativesJob },
    ...{ "download-images": downloadJob, "caption-images": captionJob },
  };
  const make = makers[name as keyof typeof makers];
  if (make === undefined) {
    throw new RangeError(`--only: expected ${Object.keys(makers).join(", ")}, found "${name}"`);
  }
  const finished = `${still}/finished`;
  if ((make === sweepJob || make === reportJob) && (await foldersIn(finished)).length === 0) {
    await undisturbed(runJob(), finished);
  }
  const [run = ""] = await foldersIn(`${finished}/runs`);
  return make({ folder, run: `${finished}/runs/${run}` });
}

function describe(name: string, { cases, kills, leftovers, phases, messages, faults }: Tally) {
  const where = [...phases].sort(([, a], [, b]) => b - a).map(([phase, n]) => `${phase} ${n}`);
  return [
    `${name}: ${kills} kills in ${cases} cases, ${faults.length} faults; ${where.join(", ")}; ` +
    `${leftovers} left a temporary file`,
    ...[...messages].sort(),
  ].join("\n  ");
}
