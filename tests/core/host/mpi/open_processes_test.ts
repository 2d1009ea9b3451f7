import { expect } from "expect";
import { findLaunch } from "../../../../core/host/mpi/launcher.ts";
import { openProcesses } from "../../../../core/host/mpi/open_processes.ts";
import { runProgram } from "../../../../plugins/app/cli/run_program.ts";
import { processWorld } from "../../../../plugins/app/cli/world.ts";
import { ceClipStep } from "../../../helpers/mpi/ce_clip_step.ts";
import { hasMpi, mpiNames, runProcesses } from "../../../helpers/mpi/launchers.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

/** The losses that a folder's only run has left. */
async function lossesIn(runs: string): Promise<readonly number[]> {
  for await (const { name } of Deno.readDir(runs)) {
    const lines = (await Deno.readTextFile(`${runs}/${name}/metrics.jsonl`)).trim().split("\n");
    return lines.map((line) => (JSON.parse(line) as { readonly loss: number }).loss);
  }
  return [];
}

/** What one process comes to; the same for all launchers. */
let known: Promise<{ readonly run: readonly number[]; readonly step: readonly number[] }>;
const oneProcess = () => known ??= runAlone();

async function runAlone() {
  let run: readonly number[] = [];
  await withFolder(async (folder) => {
    const words = "recipe clic-tiny --device cpu --threads 1 --steps 2 batch=8 checkpointEvery=0";
    const sink = createSink();
    const world = { ...processWorld(), stdout: sink, stderr: sink, terminal: false };
    const code = await runProgram(
      [...words.split(" "), "evaluators=[]", "--runs", folder],
      undefined,
      world,
    );
    expect([code, code === 0 ? "" : sink.text()]).toEqual([0, ""]);
    run = await lossesIn(folder);
  });
  return { run, step: await ceClipStep() };
}

function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  for (const [i, each] of wanted.entries()) {
    expect(Math.abs(found[i]! - each)).toBeLessThan(1e-5);
  }
}

for (const name of mpiNames) {
  Deno.test({
    name: `openProcesses: two of ${name} train as one does${
      hasMpi(name) ? "" : ` (skipped: ${name} is not installed)`
    }`,
    ignore: !hasMpi(name),
    fn: async () => {
      const one = await oneProcess();
      expect(one.run.length).toBe(2);
      await withFolder(async (folder) => {
        const { code, err, out } = await runProcesses(name, 2, [
          "tests/helpers/mpi/small_job.ts",
          folder,
        ]);
        expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
        for (const rank of [0, 1]) {
          const found = JSON.parse(await Deno.readTextFile(`${folder}/process-${rank}.json`));
          expect(found.gathered).toEqual([0, 10, 11]);
          expect(found.names).toEqual(["ä\nb", ""]);
          expect(found.beside).toEqual([0, 1]);
          expect(found.onMachine).toBe(2);
          expect(found.threads).toBeGreaterThanOrEqual(1);
          expect(found.description[0]).toMatch(new RegExp(`^2 processes by mpirun of ${name}`));
          // All have the loss of the whole batch.
          expectClose(found.step, one.step);
        }
        // One run folder, and one process that speaks.
        expect([...Deno.readDirSync(`${folder}/runs`)].length).toBe(1);
        expect(out.match(/run folder:/g)).toHaveLength(1);
        expect(err.match(/step 2\/2/g)).toHaveLength(1);
        expectClose(await lossesIn(`${folder}/runs`), one.run);
      });
    },
  });
}

Deno.test("openProcesses: srun without an interface for MPI is told what to ask for", async () => {
  const variables: Readonly<Record<string, string>> = {
    SLURM_PROCID: "0",
    SLURM_STEP_NUM_TASKS: "2",
  };
  const variable = (name: string) => variables[name];
  await expect(openProcesses(findLaunch(variable)!, variable))
    .rejects.toThrow(/^srun: expected one of its interfaces .*--mpi=pmix goes with Open MPI/);
});

Deno.test("openProcesses: a line to MPICH's launcher that is lost is told, and no library called", async () => {
  const variables: Readonly<Record<string, string>> = {
    PMI_RANK: "0",
    PMI_SIZE: "2",
    PMI_FD: "4000",
  };
  const variable = (name: string) => variables[name];
  const opening = openProcesses(findLaunch(variable)!, variable);
  await expect(opening).rejects.toThrow(/file descriptor 4000.*was closed on the way; start deno/);
});
