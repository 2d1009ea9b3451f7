/**
 * Commands that fill a folder or a table: scores, negatives, pictures, captions.
 *
 * @module
 */
import { filesIn } from "./files.ts";
import type { Inputs, Job } from "./job.ts";
import { folderResults } from "./results.ts";

/** Benchmarks of people's own pictures and of scenes. */
export function evaluateJob({ folder }: Pick<Inputs, "folder">): Job {
  return {
    name: "evaluate",
    aims: [/\.embeddings$/, /scores\/provenance/, /scores\/all/, /retrieval.*\.json/],
    command: (home) =>
      Promise.resolve([
        ...["evaluate", "tiny", `captions:${folder}/captions.csv`, "scenes_pairs"],
        ...["scenes_zero_shot", "--limit", "40", "--chunk", "8", "--device", "cpu"],
        ...["--out", `${home}/scores`],
      ]),
    results: (home) => folderResults(home, ""),
  };
}

/** Negatives ahead of training, in parts. */
export function negativesJob({ folder }: Pick<Inputs, "folder">): Job {
  return {
    name: "write-negatives",
    aims: [/manifest\.json/, /part/],
    command: (home) =>
      Promise.resolve([
        ...["write-negatives", `${folder}/sentences.csv`, `${home}/negatives`],
        ...["--generator", "clove", "--part", "20"],
      ]),
    results: (home) => folderResults(home, ""),
  };
}

/** Pictures from a server, of which some are not there. */
export function downloadJob({ folder }: Pick<Inputs, "folder">): Job {
  return {
    name: "download-images",
    aims: [/downloads\.jsonl/, /failures\.jsonl/, /\.partial\//, /\.png$/],
    command: (home) =>
      Promise.resolve([
        ...["download-images", `${folder}/addresses.csv`, `${home}/pictures`],
        ...["--concurrency", "4"],
      ]),
    results: async (home) => {
      const results = await folderResults(home, "", /downloads\.jsonl$|failures\.jsonl$|\.lock$/);
      // Pictures arrive in any order; a line that stood twice would show.
      for (const name of ["downloads.jsonl", "failures.jsonl"]) {
        const lines = (await Deno.readTextFile(`${home}/pictures/${name}`)).split("\n");
        results.set(name, lines.sort().join("\n"));
      }
      return results;
    },
  };
}

/** Captions for a folder of pictures. */
export function captionJob({ folder }: Pick<Inputs, "folder">): Job {
  return {
    name: "caption-images",
    aims: [/captions\.csv$/],
    // Rows have paths from the table on.
    prepare: async (home) => {
      await Deno.mkdir(`${home}/pictures`);
      for (const name of await filesIn(`${folder}/pictures`)) {
        await Deno.copyFile(`${folder}/pictures/${name}`, `${home}/pictures/${name}`);
      }
    },
    command: (home) =>
      Promise.resolve([
        ...["caption-images", `${home}/pictures`, `${home}/captions.csv`],
        ...["--model", `${folder}/captioner`, "--batch", "3"],
      ]),
    results: (home) => folderResults(home, ""),
  };
}
