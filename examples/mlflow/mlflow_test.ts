import { deepEqual, equal, ok } from "node:assert/strict";
import { mlflow } from "./mlflow.ts";

/** A tracking server on loopback: what was asked of it, and whether it answers. */
function startServer() {
  const asked: { path: string; body: Record<string, unknown> }[] = [];
  let isWell = true;
  const experiments = new Map<string, string>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      const path = pathname.replace("/api/2.0/mlflow/", "");
      const body = request.method === "POST" ? await request.json() : {};
      asked.push({ path, body });
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
      if (path === "runs/create") return Response.json({ run: { info: { run_id: "abc" } } });
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

const start = (lines: string[]) => ({
  ...{ folder: "runs/mine-1", from: 0, total: 3, log: (line: string) => lines.push(line) },
  manifest: { recipe: { name: "mine", optimizer: { name: "adamw", betas: [0.9, 0.98] } } },
});

Deno.test("mlflow: settings, metrics in batches, scores and the status of a run", async () => {
  await using server = startServer();
  const lines: string[] = [];
  const hook = mlflow({ server: server.url, experiment: "tests", every: 2 });
  await hook.onStart!(start(lines));
  for (const number of [1, 2, 3]) await hook.onStep!(step(number));
  const scores = { dataset: "quiz", task: "t", metrics: { acc: 0.75, none: NaN }, items: 4 };
  await hook.onEvaluation!({
    stage: "after",
    step: 3,
    evaluations: [{ ...scores, headline: "acc" }],
  });
  await hook.onEnd!({ folder: "runs/mine-1", steps: 3, completed: true });
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
    ["quiz/acc", 0.75, 3],
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
  await hook.onEnd!({ folder: "runs/mine-1", steps: 3, completed: false });
  equal(lines.length, 1);
  ok(lines[0]!.startsWith(`mlflow: ${server.url} is not logged to any more: runs/log-batch`));
});
