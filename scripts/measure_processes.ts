/**
 * Measures a step of training by one process and by two, a thread each, in alternation:
 *
 * `deno run -A scripts/measure_processes.ts [--rounds 2] [--batch 96] [--mpirun "mpirun.openmpi …"]`
 *
 * Beside the time of a step stands the processor's time of each process: on a machine that does other
 * things as well it tells more.
 */
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "2" },
    batch: { type: "string", default: "96" },
    chunk: { type: "string", default: "24" },
    steps: { type: "string", default: "2" },
    architecture: { type: "string", default: "ViT-B-32-quickgelu" },
    mpirun: { type: "string", default: "mpirun.openmpi --allow-run-as-root" },
  },
});
const { rounds, mpirun, ...rest } = values;
const words = Object.entries(rest).flatMap(([name, value]) => [`--${name}`, value]);

/** What a job's first process prints. */
interface Measured {
  readonly seconds: readonly number[];
  /** Of each process after another. */
  readonly processor: readonly number[];
  readonly meetings: readonly number[];
}

async function measure(size: number): Promise<Measured> {
  const [program, ...own] = mpirun.split(" ");
  const { code, stdout } = await new Deno.Command(program!, {
    args: [
      ...[...own, "-np", `${size}`, Deno.execPath(), "run", "-A", "scripts/processes/step.ts"],
      ...words,
    ],
    cwd: new URL("../", import.meta.url),
    stderr: "inherit",
  }).output();
  if (code !== 0) throw new Error(`${mpirun} -np ${size} ended with ${code}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

const found = new Map<number, Measured[]>([[1, []], [2, []]]);
for (let round = 0; round < Number(rounds); round++) {
  for (const [size, all] of found) {
    const measured = await measure(size);
    all.push(measured);
    console.log(`${size} process${size === 1 ? "" : "es"}: ${JSON.stringify(measured)}`);
  }
}
const median = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
};
const of = (size: number, key: keyof Measured) =>
  median(found.get(size)!.flatMap((each) => each[key]));
console.log(
  `a step: ${of(1, "seconds").toFixed(2)} s by one, ${of(2, "seconds").toFixed(2)} s by two: ` +
    `${
      (of(1, "seconds") / of(2, "seconds")).toFixed(2)
    } times as fast; the processor's time of a ` +
    `process ${of(1, "processor").toFixed(2)} s and ${of(2, "processor").toFixed(2)} s: ` +
    `${(of(1, "processor") / of(2, "processor")).toFixed(2)} times less; ` +
    `${of(2, "meetings").toFixed(2)} s of it meeting`,
);
