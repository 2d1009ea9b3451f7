/**
 * Runs, studies, and what is made of a run: a sweep, a report.
 *
 * @module
 */
import { join } from "node:path";
import { filesIn, foldersIn, isThere } from "./files.ts";
import type { Inputs, Job } from "./job.ts";
import { folderResults, reportResult } from "./results.ts";

const RECIPE = "./scripts/kills/short_run.ts";
const STUDY = "./scripts/kills/short_study.ts";
const CPU = ["--device", "cpu"];

/** A recipe: scores, training, transformations, report. */
export function runJob(): Job {
  return {
    name: "run",
    aims: [
      /manifest\.json/,
      /metrics\.jsonl$/,
      /tfevents/,
      /checkpoints\/.*\.tmp$/,
      /checkpoints\/step-\d+\.safetensors$/,
      /scores\/before/,
      /scores\/step-/,
      /evaluation\/.*short-run/,
      /scores\/(after|averaged)/,
      /model-trained\/.*\.tmp$/,
      /model\/.*\.tmp$/,
      /scores\/patch/,
      /report\.html/,
      /\.embeddings$/,
    ],
    command: async (home) => {
      const begun = await begunIn(`${home}/runs`);
      return begun === undefined
        ? ["recipe", RECIPE, "--runs", `${home}/runs`, ...CPU]
        : ["recipe", "--resume", begun, ...CPU];
    },
    results: async (home) => await runResults((await begunIn(`${home}/runs`))!, "run", home),
  };
}

/** A study of two arms. */
export function studyJob(): Job {
  return {
    name: "study",
    aims: [
      /table\.md/,
      /plain\/.*manifest\.json/,
      /plain\/.*report\.html/,
      /clove\/.*manifest\.json/,
      /clove\/.*scores\/patch/,
      /clove\/.*report\.html/,
    ],
    command: async (home) => {
      const begun = await begunIn(`${home}/runs`);
      return begun === undefined
        ? ["recipe", STUDY, "--runs", `${home}/runs`, ...CPU]
        : ["recipe", "--resume", begun, ...CPU];
    },
    results: async (home) => {
      const study = (await begunIn(`${home}/runs`))!;
      const results = new Map([["table.md", await Deno.readTextFile(`${study}/table.md`)]]);
      for (const arm of await foldersIn(study)) {
        for (const seed of await foldersIn(`${study}/${arm}`)) {
          const run = (await begunIn(`${study}/${arm}/${seed}`))!;
          for (const [name, text] of await runResults(run, `${arm}/${seed}`, home)) {
            results.set(name, text);
          }
        }
      }
      return results;
    },
  };
}

/** Scores at every α between the embedded CLIP and what an undisturbed run made of it. */
export function sweepJob({ run }: Pick<Inputs, "run">): Job {
  return {
    name: "sweep",
    aims: [/alpha-0\.json/, /alpha-0\.5\.json/, /sweep\.(md|csv|json)/, /trade_off/],
    command: (home) =>
      Promise.resolve([
        ...["patch", "shipped", `${run}/model-trained`, "--sweep", "0:1:0.25"],
        ...["--recipe", RECIPE, "--out", `${home}/sweep`, ...CPU],
      ]),
    results: (home) => folderResults(home, ""),
  };
}

/** The report of an undisturbed run. */
export function reportJob({ run }: Pick<Inputs, "run">): Job {
  return {
    name: "report",
    aims: [/report\.html/],
    prepare: async (home) => {
      for (const path of await filesIn(run)) {
        if (path === "report.html") continue;
        await Deno.mkdir(join(home, "run", path, ".."), { recursive: true });
        await Deno.copyFile(`${run}/${path}`, `${home}/run/${path}`);
      }
    },
    command: (home) => Promise.resolve(["report", `${home}/run`]),
    results: (home) => runResults(`${home}/run`, "run", home),
  };
}

/** The folder that has a manifest: a call that was killed before it had one left nothing. */
async function begunIn(runs: string): Promise<string | undefined> {
  for (const name of await foldersIn(runs)) {
    if (await isThere(`${runs}/${name}/manifest.json`)) return `${runs}/${name}`;
  }
  return undefined;
}

async function runResults(
  folder: string,
  label: string,
  home: string,
): Promise<Map<string, string>> {
  const results = await folderResults(folder, label, /^report\.html$/);
  results.set(`${label}/report.html`, await reportResult(folder, `${home}/again.html`));
  await Deno.remove(`${home}/again.html`);
  for (const [name, text] of await folderResults(`${home}/cache`, "cache")) results.set(name, text);
  return results;
}
