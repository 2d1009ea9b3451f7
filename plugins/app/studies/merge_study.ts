import { dirname } from "node:path";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { readText } from "../../../core/host/storage/read_text.ts";
import { readManifest } from "../runs/run_folder.ts";
import { seedFolder } from "../runs/study_folder.ts";
import type { MergeParts } from "../shards/merge.ts";
import { readStudy, studyRuns } from "./read_study.ts";
import { writeStudyPage } from "./write_study_page.ts";

/**
 * Joins folders of a study, each with some of the runs, into the folder that one process would have
 * left: runs are moved there, and table and page are of all of them.
 *
 * @throws {RangeError} if they are of different studies, another study is in the output's place, or a
 *   run is not done.
 */
export const mergeStudy: MergeParts = async (records, out) => {
  const [first] = records;
  const study = JSON.stringify((await readManifest(first!.output))["study"]);
  for (const folder of [...records.slice(1).map(({ output }) => output), out]) {
    const manifest = await readManifest(folder).catch((error) => {
      // Of the output's place alone: it need not be there.
      if (folder === out && error instanceof RangeError) return undefined;
      throw error;
    });
    if (manifest !== undefined && JSON.stringify(manifest["study"]) !== study) {
      throw new RangeError(`${folder}: expected the study of ${first!.output}, found another`);
    }
  }
  await Deno.mkdir(out, { recursive: true });
  for (const { output } of records) {
    const part = await readStudy(output);
    for (const { arm, seed, folder } of await studyRuns(output, part)) {
      if (folder === undefined) continue;
      const target = seedFolder(out, arm, seed);
      await Deno.mkdir(dirname(target), { recursive: true });
      await Deno.rename(seedFolder(output, arm, seed), target);
    }
  }
  await writeFileAtomically(
    `${out}/manifest.json`,
    await readText(`${first!.output}/manifest.json`),
  );
  const lacking = (await studyRuns(out, await readStudy(out))).filter(({ completed }) =>
    !completed
  );
  if (lacking.length > 0) {
    const names = lacking.map(({ arm, seed }) => `${arm}, seed ${seed}`).join("; ");
    throw new RangeError(`${out}: expected all runs to be done, found some that are not: ${names}`);
  }
  return `${await writeStudyPage(out)}\n\nstudy folder: ${out}`;
};
