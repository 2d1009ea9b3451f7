/**
 * Tries `examples/mlflow` against a real MLflow server: a whole run, one that fails, one that is stopped
 * and resumed; then asks the server what it has of them, and compares it with the runs' own files.
 *
 *     mlflow server --port 5000 --workers 1
 *     deno run -A scripts/mlflow_trial.ts http://127.0.0.1:5000
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";

const [server] = Deno.args;
if (server === undefined) {
  console.error("expected the address of a tracking server, such as http://127.0.0.1:5000");
  Deno.exit(2);
}
const experiment = `syntagma-trial-${Date.now()}`;
const root = new URL("../", import.meta.url);
const runs = await Deno.makeTempDir();
const recipe = new URL("tests/fixtures/tiny_run.ts", root).pathname;

interface ServerRun {
  readonly info: { readonly run_id: string; readonly run_name: string; readonly status: string };
  readonly data: {
    readonly params?: readonly { readonly key: string; readonly value: string }[];
    readonly tags: readonly { readonly key: string; readonly value: string }[];
  };
}

async function ask(path: string, body?: unknown) {
  const response = await fetch(`${server}/api/2.0/mlflow/${path}`, {
    ...body === undefined ? {} : { method: "POST", body: JSON.stringify(body) },
    headers: { "content-type": "application/json" },
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  return answer;
}

function start(...args: string[]) {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", "main.ts", "recipe", ...args, "--device", "cpu"],
      ...["--runs", runs, "--plugin", "examples/mlflow/plugin.ts"],
    ],
    cwd: root,
    env: {
      MLFLOW_TRACKING_URI: server!,
      MLFLOW_EXPERIMENT_NAME: experiment,
      MILLISECONDS_A_PICTURE: "30",
    },
    ...{ stdout: "piped", stderr: "piped" },
  }).spawn();
}

async function finished(process: Deno.ChildProcess) {
  const { code, stderr } = await process.output();
  return { code, text: new TextDecoder().decode(stderr) };
}

/** The losses that a run wrote, by step. */
async function lossesOf(folder: string): Promise<[number, number][]> {
  const lines = (await Deno.readTextFile(`${folder}/metrics.jsonl`)).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line)).map(({ step, loss }) => [step, loss]);
}

/** The losses that the server has of a run, by step; each as often as it was told. */
async function lossesAt(run: ServerRun): Promise<[number, number][]> {
  const all = await Promise.all(
    ["growing/loss", "plain/loss"].map((key) =>
      ask(`metrics/get-history?run_id=${run.info.run_id}&metric_key=${encodeURIComponent(key)}`)
    ),
  );
  return all.flatMap(({ metrics }) => metrics ?? [])
    .map(({ step, value }): [number, number] => [Number(step ?? 0), value])
    .sort((a, b) => a[0] - b[0]);
}

async function serverRuns(): Promise<readonly ServerRun[]> {
  const { experiment: { experiment_id } } = await ask(
    `experiments/get-by-name?experiment_name=${experiment}`,
  );
  const { runs } = await ask("runs/search", {
    experiment_ids: [experiment_id],
    order_by: ["attributes.start_time ASC"],
  });
  return runs;
}

async function newFolder(): Promise<string> {
  for (;;) {
    for await (const { name } of Deno.readDir(runs)) {
      if (!seen.has(name)) return seen.add(name) && `${runs}/${name}`;
    }
    await new Promise((done) => setTimeout(done, 20));
  }
}
const seen = new Set<string>();

const whole = await finished(start(recipe, "steps=12"));
equal(whole.code, 0, whole.text);
const wholeFolder = await newFolder();

const failed = await finished(start(recipe, "optimizer.lr=1e30"));
equal(failed.code, 1);
const failedFolder = await newFolder();

const interrupted = start(recipe);
const folder = await newFolder();
for (;;) {
  const text = await Deno.readTextFile(`${folder}/metrics.jsonl`).catch(() => "");
  if (text.split("\n").length > 5) break;
  await new Promise((done) => setTimeout(done, 20));
}
interrupted.kill("SIGINT");
equal((await finished(interrupted)).code, 130);
const before = (await serverRuns()).at(-1)!;
equal(before.info.status, "KILLED");
const resumed = await finished(start("--resume", folder));
equal(resumed.code, 0, resumed.text);

const found = await serverRuns();
deepEqual(found.map(({ info }) => info.status), ["FINISHED", "FAILED", "FINISHED"]);
deepEqual(
  found.map(({ info }) => info.run_name),
  [wholeFolder, failedFolder, folder].map((path) => path.split("/").at(-1)),
);
equal(found[2]!.info.run_id, before.info.run_id);
for (const [i, path] of [wholeFolder, failedFolder, folder].entries()) {
  deepEqual(await lossesAt(found[i]!), await lossesOf(path));
}
const params = new Map(found[0]!.data.params!.map(({ key, value }) => [key, value]));
equal(params.get("optimizer.lr"), "0.003");
equal(params.get("steps"), "12");
const [resumedTag] = found[2]!.data.tags.filter(({ key }) => key === "syntagma.resumed");
ok(Number(resumedTag!.value) > 0);
console.log(`${found.length} runs, ${params.size} parameters, all losses as in the run folders`);
await Deno.remove(runs, { recursive: true });
