import { deepEqual, equal, ok } from "node:assert/strict";
import { mlflow } from "./mlflow.ts";

/** A tracking server on loopback: what was asked of it, and whether it answers. */
function startServer() {
  const asked: { path: string; body: Record<string, unknown>; user: string | null }[] = [];
  const folders = new Map<string, string>();
  let isWell = true;
  const experiments = new Map<string, string>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      const path = pathname.replace("/api/2.0/mlflow/", "");
      const body = request.method === "POST" ? await request.json() : {};
      asked.push({ path, body, user: request.headers.get("authorization") });
      if (!isWell) return Response.json({ error_code: "INTERNAL_ERROR" }, { status: 500 });
      if (path === "experiments/get-by-name") {
        const id = experiments.get(searchParams.get("experiment_name")!);
        return id === undefined
          ? Response.json({ error_code: "RESOURCE_DOES_NOT_EXIST" }, { status: 404 })
          : Response.json({ experiment: { experiment_id: id } });
      }
      if (path === "experiments/create") {
        experiments.set(body.name, "7");
        return Response.json({ experiment_id: "7" });
      }
      if (path === "runs/create") {
        const run_id = `run ${folders.size}`;
        folders.set(`tags.\`${body.tags[0].key}\` = '${body.tags[0].value}'`, run_id);
        return Response.json({ run: { info: { run_id } } });
      }
      if (path === "runs/search") {
        // An answer without runs has no list either, as MLflow's.
        const run_id = folders.get(body.filter);
        return Response.json(run_id === undefined ? {} : { runs: [{ info: { run_id } }] });
      }
      return Response.json({});
    },
  );
  const fail = () => {
    isWell = false;
  };
  const url = `http://127.0.0.1:${server.addr.port}`;
  return { url, asked, fail, [Symbol.asyncDispose]: () => server.shutdown() };
}

const step = (number: number) => ({
  ...{
    step: number,
    total: 3,
    epoch: 0,
    objective: "clic",
    loss: 0.5,
    terms: { "hard negative": 1 },
  },
  ...{ repeats: {}, lr: 1e-6, seconds: 1, waitSeconds: 0, deviceSeconds: 1, samplesPerSecond: 1 },
});

const folder = Deno.makeTempDirSync();
addEventListener("unload", () => Deno.removeSync(folder));

const start = (lines: string[], from = 0) => ({
  ...{ folder, from, total: 3, log: (line: string) => lines.push(line) },
  manifest: { recipe: { name: "mine", optimizer: { name: "adamw", betas: [0.9, 0.98] } } },
});

Deno.test("mlflow: settings, metrics in batches, scores and the status of a run", async () => {
  await using server = startServer();
  const lines: string[] = [];
  const hook = mlflow({ server: server.url, experiment: "tests", every: 2 });
  await hook.onStart!(start(lines));
  for (const number of [1, 2, 3]) await hook.onStep!(step(number));
  // MLflow takes no name that is a path to elsewhere, and then none of a request's metrics.
  const scores = {
    dataset: "/../quiz//a@1",
    task: "t",
    metrics: { acc: 0.75, none: NaN },
    items: 4,
  };
  await hook.onEvaluation!({
    stage: "after",
    step: 3,
    evaluations: [{ ...scores, headline: "acc" }],
  });
  await hook.onEnd!({ folder, steps: 3, completed: true });
  deepEqual(server.asked.map(({ path }) => path), [
    ...["experiments/get-by-name", "experiments/create", "runs/create"],
    // Parameters, two steps, a step with scores.
    ...["runs/log-batch", "runs/log-batch", "runs/log-batch", "runs/update"],
  ]);
  deepEqual(server.asked[3]!.body.params, [
    { key: "name", value: "mine" },
    { key: "optimizer.name", value: "adamw" },
    { key: "optimizer.betas.0", value: "0.9" },
    { key: "optimizer.betas.1", value: "0.98" },
  ]);
  const metrics = server.asked[5]!.body.metrics as { key: string; value: number; step: number }[];
  deepEqual(metrics.map(({ key, value, step }) => [key, value, step]), [
    ["clic/loss", 0.5, 3],
    ["lr", 1e-6, 3],
    ["clic/hard negative", 1, 3],
    ["quiz/a_1/acc", 0.75, 3],
  ]);
  equal(server.asked.at(-1)!.body.status, "FINISHED");
  deepEqual(lines, []);
});

Deno.test("mlflow: a server that stops answering is told once, and the run goes on", async () => {
  await using server = startServer();
  const lines: string[] = [];
  const hook = mlflow({ server: server.url, every: 1 });
  await hook.onStart!(start(lines));
  server.fail();
  for (const number of [1, 2, 3]) await hook.onStep!(step(number));
  await hook.onEnd!({ folder, steps: 3, completed: false });
  equal(lines.length, 1);
  ok(lines[0]!.startsWith(`mlflow: ${server.url} is not logged to any more: runs/log-batch`));
});

Deno.test("mlflow: a run that is resumed is the same run, whose parameters stand; another folder is another", async () => {
  await using server = startServer();
  const lines: string[] = [];
  const hook = mlflow({ server: server.url, every: 1 });
  await hook.onStart!(start(lines));
  await hook.onEnd!({ folder, steps: 1, completed: false });
  const first = server.asked.length;
  await hook.onStart!(start(lines, 1));
  await hook.onStep!(step(2));
  await hook.onEnd!({ folder, steps: 3, completed: true });
  deepEqual(
    server.asked.slice(first).map(({ path, body }) => [path, body.run_id, body.status]),
    [
      ["experiments/get-by-name", undefined, undefined],
      ["runs/search", undefined, undefined],
      ["runs/update", "run 0", "RUNNING"],
      ["runs/set-tag", "run 0", undefined],
      ["runs/log-batch", "run 0", undefined],
      ["runs/update", "run 0", "FINISHED"],
    ],
  );
  // A run that was begun without the hook.
  const other = Deno.makeTempDirSync();
  await hook.onStart!({ ...start(lines, 2), folder: other });
  Deno.removeSync(other);
  equal(server.asked.filter(({ path }) => path === "runs/create").length, 2);
  deepEqual(lines, []);
});

Deno.test("mlflow: who asks, as MLflow's own clients say it", async () => {
  await using server = startServer();
  const ask = async (variables: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
    try {
      await mlflow({ server: server.url }).onStart!(start([]));
    } finally {
      for (const name of Object.keys(variables)) Deno.env.delete(name);
    }
    return server.asked.at(-1)!.user;
  };
  equal(await ask({}), null);
  equal(await ask({ MLFLOW_TRACKING_TOKEN: "t0ken" }), "Bearer t0ken");
  equal(
    await ask({ MLFLOW_TRACKING_USERNAME: "ada", MLFLOW_TRACKING_PASSWORD: "pass" }),
    `Basic ${btoa("ada:pass")}`,
  );
});
