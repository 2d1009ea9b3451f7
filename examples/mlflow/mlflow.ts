import type { Component, Hook, Json } from "@syntagma/syntagma";
import { defineComponent } from "@syntagma/syntagma";
import { z } from "zod";

/** Options of {@linkcode mlflow}. */
export interface MlflowOptions {
  /** The address of the tracking server. Default: `MLFLOW_TRACKING_URI`. */
  readonly server?: string | null;
  /** The experiment; made if it is not there. Default `"syntagma"`. */
  readonly experiment?: string;
  /** Steps whose metrics go in one request. Default 20. */
  readonly every?: number;
}

interface Metric {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

/** Most metrics that the server takes in one request. */
const MOST = 1000;

/**
 * Logs runs to an MLflow tracking server through its REST interface: settings as parameters, losses,
 * rates and scores as metrics. A server that does not answer is told once; the run goes on without it.
 */
export const mlflow: (options?: MlflowOptions) => Hook & Component = defineComponent({
  name: "mlflow",
  schema: z.strictObject({
    server: z.url().nullable().default(null),
    experiment: z.string().min(1).default("syntagma"),
    every: z.int().min(1).default(20),
  }),
  make: ({ server, experiment, every }) => {
    const base = (server ?? Deno.env.get("MLFLOW_TRACKING_URI") ?? "http://127.0.0.1:5000")
      .replace(/\/$/, "");
    let run: string | undefined;
    let log: (line: string) => void = () => {};
    let waiting: Metric[] = [];

    const ask = async (path: string, body?: unknown): Promise<Record<string, Json>> => {
      const response = await fetch(`${base}/api/2.0/mlflow/${path}`, {
        ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
        headers: { "content-type": "application/json" },
        signal: AbortSignal.timeout(10_000),
      });
      const answer = await response.json().catch(() => ({}));
      if (response.ok) return answer;
      throw new Error(`${path}: ${answer.error_code ?? response.status}`);
    };
    /** Nothing that is trained depends on a logger: its failures are told, and it stops. */
    const attempt = async (work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        log(`mlflow: ${base} is not logged to any more: ${(error as Error).message}`);
        run = undefined;
      }
    };
    const flush = () =>
      attempt(async () => {
        for (; run !== undefined && waiting.length > 0; waiting = waiting.slice(MOST)) {
          await ask("runs/log-batch", { run_id: run, metrics: waiting.slice(0, MOST) });
        }
      });
    const note = (step: number, values: Readonly<Record<string, number | undefined>>) => {
      for (const [name, value] of Object.entries(values)) {
        if (value === undefined || !Number.isFinite(value)) continue;
        waiting.push({ key: nameOf(name), value, timestamp: Date.now(), step });
      }
    };
    return {
      onStart: ({ folder, manifest, log: tell }) => {
        log = tell;
        return attempt(async () => {
          const id = await experimentId(ask, experiment);
          const created = await ask("runs/create", {
            experiment_id: id,
            run_name: folder.split("/").at(-1),
            start_time: Date.now(),
            tags: [{ key: "syntagma.folder", value: folder }],
          });
          run = (created.run as { info: { run_id: string } }).info.run_id;
          const params = leaves("", manifest.recipe ?? null)
            .map(([key, value]) => ({ key: nameOf(key), value: value.slice(0, 6000) }));
          for (let start = 0; start < params.length; start += 100) {
            await ask("runs/log-batch", { run_id: run, params: params.slice(start, start + 100) });
          }
        });
      },
      onStep: async ({ step, loss, terms, lr, objective, gradientNorm }) => {
        note(step, { [`${objective}/loss`]: loss, lr, gradientNorm });
        note(
          step,
          Object.fromEntries(
            Object.entries(terms).map(([name, value]) => [`${objective}/${name}`, value]),
          ),
        );
        if (step % every === 0) await flush();
      },
      onEvaluation: async ({ step, evaluations }) => {
        for (const { dataset, metrics } of evaluations) {
          note(
            step,
            Object.fromEntries(
              Object.entries(metrics).map(([name, value]) => [`${dataset}/${name}`, value]),
            ),
          );
        }
        await flush();
      },
      onEnd: async ({ completed, error }) => {
        await flush();
        const status = error !== undefined ? "FAILED" : completed ? "FINISHED" : "KILLED";
        await attempt(async () => {
          if (run === undefined) return;
          await ask("runs/update", { run_id: run, status, end_time: Date.now() });
        });
        run = undefined;
      },
    };
  },
});

async function experimentId(
  ask: (path: string, body?: unknown) => Promise<Record<string, Json>>,
  name: string,
): Promise<string> {
  const known = await ask(`experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`)
    .catch((error: Error) => {
      if (error.message.includes("RESOURCE_DOES_NOT_EXIST")) return undefined;
      throw error;
    });
  if (known !== undefined) return (known.experiment as { experiment_id: string }).experiment_id;
  return (await ask("experiments/create", { name })).experiment_id as string;
}

/** MLflow's names have letters, digits, and these marks. */
function nameOf(name: string): string {
  return name.replaceAll(/[^\w\-./: ]/g, "_").slice(0, 250);
}

/** Every plain value of a description, by its path. */
function leaves(path: string, value: Json): [string, string][] {
  if (typeof value !== "object" || value === null) return [[path, String(value)]];
  return Object.entries(value as Readonly<Record<string, Json>>)
    .flatMap(([key, each]) => leaves(path === "" ? key : `${path}.${key}`, each));
}
