/**
 * Compares the losses of runs by several processes with those of one:
 *
 * `deno run -A scripts/compare_processes.ts [--sizes 2,3] [--steps 50] [--recipe clic-tiny]
 * [--mpirun "mpirun.openmpi …"] [batch=24 …]`
 *
 * With `--repeat` each run is made twice: the same number of processes is to give the same bits.
 */
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: "string", default: "2,3" },
    steps: { type: "string", default: "50" },
    recipe: { type: "string", default: "clic-tiny" },
    repeat: { type: "boolean", default: false },
    mpirun: { type: "string", default: "mpirun.openmpi --allow-run-as-root --oversubscribe" },
  },
});
const home = await Deno.makeTempDir({ prefix: "compare-processes-" });

/** The losses of a run by so many processes, as its folder has them. */
async function lossesOf(size: number): Promise<readonly number[]> {
  const runs = await Deno.makeTempDir({ dir: home });
  const [program, ...own] = values.mpirun.split(" ");
  const settings = ["evaluators=[]", "checkpointEvery=0", `steps=${values.steps}`, ...positionals];
  const { code, stderr } = await new Deno.Command(program!, {
    args: [
      ...[...own, "-np", `${size}`, Deno.execPath(), "run", "-A", "--lock=deno.lock", "main.ts"],
      ...[
        "recipe",
        values.recipe,
        ...settings,
        "--device",
        "cpu",
        "--threads",
        "1",
        "--runs",
        runs,
      ],
    ],
    cwd: new URL("../", import.meta.url),
    env: { NO_COLOR: "1", TMPDIR: "/tmp" },
  }).output();
  if (code !== 0) throw new Error(`${size} processes: ${new TextDecoder().decode(stderr)}`);
  const [run] = [...Deno.readDirSync(runs)];
  const lines = (await Deno.readTextFile(`${runs}/${run!.name}/metrics.jsonl`)).trim().split("\n");
  return lines.map((line) => (JSON.parse(line) as { readonly loss: number }).loss);
}

/** The largest difference of two runs, and the step that it is at. */
function apart(a: readonly number[], b: readonly number[]) {
  if (a.length !== b.length) throw new Error(`expected ${a.length} steps, found ${b.length}`);
  const differences = a.map((loss, i) => Math.abs(loss - b[i]!));
  const largest = Math.max(...differences);
  const step = differences.indexOf(largest);
  return { largest, step: step + 1, loss: a[step]! };
}

try {
  const one = await lossesOf(1);
  console.log(`1 process: ${one.length} steps, losses ${one[0]} to ${one.at(-1)}`);
  for (const size of values.sizes.split(",").map(Number)) {
    const found = await lossesOf(size);
    const { largest, step, loss } = apart(one, found);
    console.log(
      `${size} processes: at most ${
        largest.toExponential(1)
      } apart, at step ${step}, of a loss of ` +
        loss.toFixed(1),
    );
    if (!values.repeat) continue;
    const same = apart(found, await lossesOf(size)).largest === 0;
    console.log(`${size} processes once more: ${same ? "the same bits" : "other bits"}`);
  }
} finally {
  await Deno.remove(home, { recursive: true });
}
