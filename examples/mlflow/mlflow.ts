import type { Component, Hook, Json } from "@syntagma/syntagma";
import { defineComponent } from "@syntagma/syntagma";
import { z } from "zod";

/** Options of {@linkcode mlflow}. */
export interface MlflowOptions {
  /** The address of the tracking server. Default: `MLFLOW_TRACKING_URI`. */
  readonly server?: string | null;
  /** The experiment; made if it is not there. Default: `MLFLOW_EXPERIMENT_NAME`, else `"syntagma"`. */
  readonly experiment?: string | null;
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
 * rates and scores as metrics. A run that is resumed goes on as the same run of MLflow, which is found
 * by its folder. A server that does not answer is told once; the run goes on without it.
 *
 * As MLflow's own clients it takes `MLFLOW_TRACKING_TOKEN`, or `MLFLOW_TRACKING_USERNAME` and
 * `MLFLOW_TRACKING_PASSWORD`, from the environment.
 */
export const mlflow: (options?: MlflowOptions) => Hook & Component = defineComponent({
  name: "mlflow",
  schema: z.strictObject({
    server: z.url().nullable().default(null),
    experiment: z.string().min(1).nullable().default(null),
    every: z.int().min(1).default(20),
  }),
  make: ({ server, experiment, every }) => {
    const base = (server ?? Deno.env.get("MLFLOW_TRACKING_URI") ?? "http://127.0.0.1:5000")
      .replace(/\/$/, "");
    const name = experiment ?? Deno.env.get("MLFLOW_EXPERIMENT_NAME") ?? "syntagma";
    let run: string | undefined;
    let log: (line: string) => void = () => {};
    let waiting: Metric[] = [];

    const ask = async (path: string, body?: unknown): Promise<Record<string, Json>> => {
      const response = await fetch(`${base}/api/2.0/mlflow/${path}`, {
        ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
        headers: { "content-type": "application/json", ...authorization() },
        signal: AbortSignal.timeout(10_000),
      });
      const answer = await response.json().catch(() => ({}));
      if (response.ok) return answer;
      throw new ServerError(path, answer.error_code ?? response.status, answer.message);
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
      onStart: ({ folder, manifest, from, log: tell }) => {
        log = tell;
        return attempt(async () => {
          const id = await experimentId(ask, name);
          const place = Deno.realPathSync(folder);
          run = from > 0 ? await runOf(ask, id, place) : undefined;
          if (run !== undefined) {
            await ask("runs/update", { run_id: run, status: "RUNNING" });
            await ask("runs/set-tag", { run_id: run, key: "syntagma.resumed", value: `${from}` });
            // Its parameters stand, and MLflow takes no other values for them.
            return;
          }
          const created = await ask("runs/create", {
            experiment_id: id,
            run_name: place.split(/[/\\]/).at(-1),
            start_time: Date.now(),
            tags: [{ key: FOLDER, value: place }],
          });
          run = runId(created.run);
          // One value a name, or the server takes none of them.
          const named = leaves("", manifest.recipe ?? null).map((
            [key, value],
          ) => [nameOf(key), value]);
          const params = [...new Map(named as [string, string][])]
            .map(([key, value]) => ({ key, value: value.slice(0, 6000) }));
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

/** What the server refuses. */
class ServerError extends Error {
  constructor(path: string, readonly code: string | number, message?: string) {
    super(`${path}: ${code}${message === undefined ? "" : ` (${message})`}`);
  }
}

/** The tag that a run's folder stands under. */
const FOLDER = "syntagma.folder";

type Ask = (path: string, body?: unknown) => Promise<Record<string, Json>>;

async function experimentId(ask: Ask, name: string): Promise<string> {
  try {
    const path = `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    const { experiment_id } = (await ask(path)).experiment as { experiment_id: string };
    return experiment_id;
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== "RESOURCE_DOES_NOT_EXIST") throw error;
    return (await ask("experiments/create", { name })).experiment_id as string;
  }
}

/** The run of a folder, where there is one; the latest of several. */
async function runOf(ask: Ask, experiment: string, folder: string): Promise<string | undefined> {
  const { runs } = await ask("runs/search", {
    experiment_ids: [experiment],
    filter: `tags.\`${FOLDER}\` = '${folder.replaceAll("'", "\\'")}'`,
    order_by: ["attributes.start_time DESC"],
    max_results: 1,
  });
  return runs === undefined ? undefined : runId((runs as readonly Json[])[0]!);
}

function runId(run: Json | undefined): string {
  return (run as { readonly info: { readonly run_id: string } }).info.run_id;
}

function authorization(): Readonly<Record<string, string>> {
  const [token, user, password] = ["TOKEN", "USERNAME", "PASSWORD"]
    .map((name) => Deno.env.get(`MLFLOW_TRACKING_${name}`));
  if (user) return { authorization: `Basic ${btoa(`${user}:${password ?? ""}`)}` };
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** MLflow's names have letters, digits, and these marks, and are no path that leads elsewhere. */
function nameOf(name: string): string {
  return name.replaceAll(/[^\w\-./: ]/g, "_").split("/")
    .filter((part) => !["", ".", ".."].includes(part)).join("/").slice(0, 250).replace(/\/$/, "");
}

/** Every plain value of a description, by its path. */
function leaves(path: string, value: Json): [string, string][] {
  if (typeof value !== "object" || value === null) return [[path, String(value)]];
  return Object.entries(value as Readonly<Record<string, Json>>)
    .flatMap(([key, each]) => leaves(path === "" ? key : `${path}.${key}`, each));
}
