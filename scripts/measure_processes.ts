/**
 * Measures a step of training by one process, by two, a thread each, and by two that know nothing of
 * each other, which is what the machine allows; in alternation:
 *
 * `deno run -A scripts/measure_processes.ts [--rounds 2] [--batch 96] [--only one,two,apart,whole]
 * [--mpirun "mpirun.openmpi …"]`
 *
 * Beside the time of a step stands the processor's time of each process: on a machine that does other
 * things as well it tells more.
 */
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "2" },
    only: { type: "string", default: "one,two,apart" },
    batch: { type: "string", default: "96" },
    chunk: { type: "string", default: "24" },
    steps: { type: "string", default: "2" },
    architecture: { type: "string", default: "ViT-B-32-quickgelu" },
    mpirun: { type: "string", default: "mpirun.openmpi --allow-run-as-root" },
  },
});
const { rounds, only, mpirun, ...rest } = values;
const words = Object.entries(rest).flatMap(([name, value]) => [`--${name}`, value]);

/** What a job's first process prints: values of each process after another. */
interface Measured {
  readonly seconds: readonly number[];
  readonly processor: readonly number[];
  /** Seconds of sums and shares, those that go on beside the towers included. */
  readonly meetings: readonly number[];
  /** The most memory that a process held, in GiB. */
  readonly memory: readonly number[];
}

/** How a step is made, by how many processes. */
const kinds = {
  one: { size: 1, own: [] },
  two: { size: 2, own: [] },
  // Each does its part and knows nothing of the other: what the machine allows.
  apart: { size: 2, own: ["--apart"] },
  // Each keeps all of the optimiser's tensors.
  whole: { size: 2, own: ["--whole"] },
} as const;
type Kind = keyof typeof kinds;
const asked = only.split(",") as Kind[];

async function measure(kind: Kind): Promise<Measured> {
  const { size, own } = kinds[kind];
  const [program, ...given] = mpirun.split(" ");
  const { code, stdout } = await new Deno.Command(program!, {
    args: [
      ...[...given, "-np", `${size}`, Deno.execPath(), "run", "-A", "--lock=deno.lock"],
      ...["scripts/processes/step.ts", ...words, ...own],
    ],
    cwd: new URL("../", import.meta.url),
    stderr: "inherit",
  }).output();
  if (code !== 0) throw new Error(`${mpirun} -np ${size} ended with ${code}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

const found = new Map<Kind, Measured[]>(asked.map((kind) => [kind, []]));
for (let round = 0; round < Number(rounds); round++) {
  for (const [kind, all] of found) {
    const measured = await measure(kind);
    all.push(measured);
    console.log(`${kind}: ${JSON.stringify(measured)}`);
  }
}
const median = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
};
// The slower process's step is the step.
const steps = (kind: Kind) => median(found.get(kind)!.map(({ seconds }) => Math.max(...seconds)));
const processor = (kind: Kind) => median(found.get(kind)!.flatMap(({ processor }) => processor));
for (const kind of asked) {
  const times = (of: (kind: Kind) => number) =>
    found.has("one") ? ` (one: ${(of("one") / of(kind)).toFixed(2)} times)` : "";
  console.log(
    `${kind}: a step ${steps(kind).toFixed(2)} s${
      times(steps)
    }, the processor's time of a process ` +
      `${processor(kind).toFixed(2)} s${times(processor)}`,
  );
}
