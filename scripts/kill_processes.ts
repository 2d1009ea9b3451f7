/**
 * Kills one of the processes of a run at random moments, and looks whether the job ends, says who died
 * and what to resume, and comes to the losses of an undisturbed run when it goes on:
 *
 * `deno run -A scripts/kill_processes.ts [--times 20] [--size 2] [--seed 1]`
 *
 * Open MPI and MPICH take turns where both are installed. A moment is drawn from the time that an
 * undisturbed run takes; one at which the process is not there (not yet, or no more) is drawn again. A
 * run that is killed before it has a folder begins anew.
 */
import { parseArgs } from "node:util";
import { createRandom } from "../core/random.ts";

const { values } = parseArgs({
  options: {
    times: { type: "string", default: "20" },
    size: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
  },
});
const [times, size, seed] = [values.times, values.size, values.seed].map(Number) as [
  number,
  number,
  number,
];
const random = createRandom(seed, "kills");
const root = new URL("../", import.meta.url).pathname;
const home = await Deno.makeTempDir({ prefix: "kill-processes-" });
const launchers = ["mpirun.openmpi", "mpirun.mpich"].filter((name) =>
  new Deno.Command("which", { args: [name], stdout: "null" }).outputSync().success
);
if (launchers.length === 0) throw new Error("expected openmpi-bin or mpich to be installed");

/** The variable by which a job's processes are found among all others. */
const MARK = "SYNTAGMA_KILL_MARK";

/** Starts a job of the recipe. */
function start(launcher: string, words: readonly string[]) {
  const mark = crypto.randomUUID();
  const own = launcher.endsWith("openmpi") ? ["--allow-run-as-root", "--oversubscribe"] : [];
  const child = new Deno.Command(launcher, {
    args: [
      ...[...own, "-np", `${size}`, Deno.execPath(), "run", "-A", `--lock=${root}deno.lock`],
      ...[`${root}main.ts`, "recipe", ...words, "--device", "cpu", "--threads", "1"],
    ],
    env: { NO_COLOR: "1", TMPDIR: "/tmp", [MARK]: mark, MILLISECONDS_A_PICTURE: "10" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  return { mark, errors, ended: child.status };
}

/** The processes of a job by rank. */
function processesOf(mark: string): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const variables = Deno.readTextFileSync(`/proc/${name}/environ`).split("\0");
      if (!variables.includes(`${MARK}=${mark}`)) continue;
      // And not the program that watches them.
      if (!Deno.readTextFileSync(`/proc/${name}/cmdline`).includes("main.ts")) continue;
      const rank = variables.map((each) => /^(?:OMPI_COMM_WORLD|PMI)_RANK=(\d+)$/.exec(each)?.[1])
        .find((each) => each !== undefined);
      if (rank !== undefined) found.set(Number(rank), Number(name));
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** The losses of the only run in a folder; undefined if there is none that can go on. */
async function runIn(runs: string) {
  try {
    for await (const { name } of Deno.readDir(runs)) {
      const path = `${runs}/${name}`;
      await Deno.stat(`${path}/manifest.json`);
      const lines = (await Deno.readTextFile(`${path}/metrics.jsonl`).catch(() => "")).split("\n");
      const losses = lines.filter((line) => line !== "").map((line) => JSON.parse(line).loss);
      return { path, losses: losses as number[] };
    }
  } catch {
    // Killed before it had one.
  }
  return undefined;
}

const recipe = `${root}tests/fixtures/tiny_run.ts`;
const undisturbed = new Map<string, { readonly losses: string; readonly seconds: number }>();
for (const launcher of launchers) {
  const runs = `${home}/${launcher}`;
  const began = performance.now();
  const { ended, errors } = start(launcher, [recipe, "--runs", runs]);
  if (!(await ended).success) throw new Error(`${launcher}: ${await errors}`);
  const seconds = (performance.now() - began) / 1000;
  const { losses } = (await runIn(runs))!;
  undisturbed.set(launcher, { losses: JSON.stringify(losses), seconds });
  console.log(`${launcher}: ${losses.length} steps in ${seconds.toFixed(1)} s undisturbed`);
}
let [faults, named, begun, told, slowest] = [0, 0, 0, 0, 0];
let missed = 0;
for (let time = 0; time < times;) {
  const launcher = launchers[time % launchers.length]!;
  const { losses, seconds } = undisturbed.get(launcher)!;
  const runs = `${home}/${time}-${missed}`;
  const { mark, errors, ended } = start(launcher, [recipe, "--runs", runs]);
  const moment = random.next() * seconds;
  await new Promise((resolve) => setTimeout(resolve, 1000 * moment));
  const rank = random.integer(size);
  const pid = processesOf(mark).get(rank);
  if (pid === undefined) {
    missed++;
    await ended;
    continue;
  }
  time++;
  const killed = performance.now();
  Deno.kill(pid, "SIGKILL");
  const { code } = await ended;
  const left = (performance.now() - killed) / 1000;
  slowest = Math.max(slowest, left);
  const text = await errors;
  const said = new RegExp(`process ${rank} of ${size} .*died, and the job ends with it`).test(text);
  if (said) named++;
  const hint = /--resume (\S+) goes on from its last checkpoint/.exec(text)?.[1];
  const before = await runIn(runs);
  if (before !== undefined) begun++;
  if (hint !== undefined) told++;
  const lines = [
    `kill ${time} (${launcher}): process ${rank} after ${moment.toFixed(1)} s`,
    `ended with ${code} ${left.toFixed(1)} s later, ${said ? "with its name" : "without its name"}`,
    `${before?.losses.length ?? 0} steps done${hint === undefined ? "" : ", told what to resume"}`,
  ];
  const words = before === undefined
    ? [recipe, "--runs", `${runs}-again`]
    : ["--resume", before.path];
  const again = start(launcher, words);
  const { success } = await again.ended;
  const after = await runIn(before === undefined ? `${runs}-again` : runs);
  const same = success && JSON.stringify(after?.losses) === losses;
  if (!same || code === 0 || left > 60) faults++;
  lines.push(
    same ? "then the losses of an undisturbed run" : `WRONG: ${await again.errors}${text}`,
  );
  if (!said) lines.push(text);
  console.log(lines.join("; "));
}
console.log(
  `${times} kills, ${faults} faults; ${named} named, ${begun} had begun a run, of which ${told} were ` +
    `told what to resume; the slowest job ended after ${
      slowest.toFixed(1)
    } s (${missed} moments missed)`,
);
await Deno.remove(home, { recursive: true });
Deno.exit(faults > 0 ? 1 : 0);
