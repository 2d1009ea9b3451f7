/**
 * What each process of a test on MPI does: a step of CE-CLIP on its own rows of a batch, whatever an
 * exchange can do, and clic-tiny for two steps. Leaves what came of it in a folder.
 *
 * @module
 */
import { findLaunch } from "../../../core/host/mpi/launcher.ts";
import { openProcesses } from "../../../core/host/mpi/open_processes.ts";
import { runProgram } from "../../../plugins/app/cli/run_program.ts";
import { processWorld } from "../../../plugins/app/cli/world.ts";
import { ceClipStep } from "./ce_clip_step.ts";

const folder = Deno.args[0]!;
const variable = (name: string) => Deno.env.get(name);
const processes = await openProcesses(findLaunch(variable)!, variable);
const { exchange, beside } = processes;
const { rank } = exchange;

const rows = Float32Array.from({ length: rank + 1 }, (_, i) => 10 * rank + i);
const [gathered, names, all] = await Promise.all([
  exchange.gather(rows),
  exchange.gatherNames(rank === 0 ? [] : ["ä\nb", ""]),
  beside.gather(Float32Array.of(rank)),
]);
const step = await ceClipStep(exchange);
await Deno.writeTextFile(
  `${folder}/process-${rank}.json`,
  JSON.stringify({
    gathered: [...gathered],
    names,
    beside: [...all],
    threads: processes.threads,
    onMachine: processes.onMachine,
    description: processes.description,
    step,
  }),
);
const words = "recipe clic-tiny --device cpu --threads 1 --steps 2 batch=8 checkpointEvery=0";
const code = await runProgram(
  [...words.split(" "), "evaluators=[]", "--runs", `${folder}/runs`],
  undefined,
  { ...processWorld(), openProcesses: () => Promise.resolve(processes) },
);
Deno.exit(code);
