/**
 * Benchmarks at every α from a pretrained model to its fine-tune.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { checkContent } from "../../../core/check_content.ts";
import type { Context } from "../../../core/context.ts";
import type { Device } from "../../../core/device/device.ts";
import type { Evaluation, Evaluator } from "../../../core/evaluator.ts";
import { towerFingerprints } from "../../../core/host/cache/tower_fingerprints.ts";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { readText } from "../../../core/host/storage/read_text.ts";
import type { DualEncoder } from "../../../core/model.ts";
import { parseJson } from "../../../core/parse_json.ts";
import type { DeviceParameters } from "../../../core/towers/device_parameters.ts";
import { createEncoder } from "../../../core/towers/encoder.ts";
import type { Weights } from "../../../core/transformation.ts";
import { evaluationsSchema } from "../../app/results/evaluations_schema.ts";
import { checkEvaluators } from "../../app/runs/needs.ts";
import { scoreModel } from "../../app/runs/score_model.ts";
import type { Progress } from "../../app/terminal/progress.ts";
import { checkAlpha } from "../check_alpha.ts";
import { compareTensors, type TensorList } from "../compare_tensors.ts";
import type { PatchedDtype } from "../float_dtype.ts";
import { interpolateWeights } from "../interpolate_weights.ts";

/** What {@linkcode sweep} needs. */
export interface SweepOptions {
  /** The pretrained model. */
  readonly before: DualEncoder;
  /** Its fine-tune. */
  readonly after: DualEncoder;
  /** The values of α, from 0 to 1. */
  readonly alphas: readonly number[];
  /** The precision of the models between the two. Default: that of the pretrained one. */
  readonly dtype?: PatchedDtype;
  /** The benchmarks. */
  readonly evaluators: readonly Evaluator[];
  /** Where the towers run. */
  readonly device: Device;
  /** The most rows that a tower embeds at a time. */
  readonly chunk: number;
  /** What benchmarks may use of the world. */
  readonly context: Context;
  /** Shows how the work gets on. */
  readonly progress: Progress;
  /** The folder in which embeddings are kept; without one all are computed. */
  readonly embeddings?: string;
  /** Keeps the scores of each α in `alpha-<α>.json`; made if it is missing. */
  readonly folder: string;
  /** Asks to stop; the α that is under way is scored anew when the sweep goes on. */
  readonly signal?: AbortSignal;
}

/** The scores at one α. */
export interface SweepPoint {
  /** The weight of the fine-tuned side. */
  readonly alpha: number;
  /** Scores of all benchmarks, without what each item came to. */
  readonly evaluations: readonly Evaluation[];
}

/**
 * Scores `(1 − α)·before + α·after` at every α. An α whose scores are in the folder already, from the
 * same weights and benchmarks, is not scored again.
 *
 * What is scored at an α is what {@linkcode interpolateCheckpoints} writes at it, rounded to the
 * precision that the pretrained weights have in their file unless `dtype` asks for float32.
 *
 * @returns the points in the order of `alphas`; fewer of them if it was asked to stop.
 * @throws {TypeError} naming the parameters that only one model has or that differ in shape, or the
 *   towers that compute something else from equal parameters (activation, preprocessing).
 * @throws {RangeError} if an α is out of range or the folder holds scores of other weights or
 *   benchmarks.
 * @throws {SyntaxError} if a file of the folder does not parse.
 */
export async function sweep(options: SweepOptions): Promise<readonly SweepPoint[]> {
  const { alphas, context, folder, signal } = options;
  alphas.forEach((alpha) => checkAlpha("alphas", alpha));
  compareTensors(listOf("before", options.before), listOf("after", options.after));
  await checkSameTowers(options);
  const before = await options.before.read();
  const after = await options.after.read();
  const key = digest(options, before, after);
  await Deno.mkdir(folder, { recursive: true });
  const points = new Map<number, SweepPoint>();
  for (const alpha of alphas) {
    const point = await readPoint(pointPath(folder, alpha), key);
    if (point !== undefined) points.set(alpha, { alpha, ...point });
  }
  if (points.size > 0) {
    context.log(`${folder} has the scores of ${points.size} values of α already`);
  }
  const missing = alphas.filter((alpha) => !points.has(alpha));
  if (missing.length > 0) {
    await checkEvaluators(options.evaluators, context);
    const model = createInterpolated(options, before, after);
    try {
      for (const [index, alpha] of missing.entries()) {
        const place = `(${index + 1} of ${missing.length})`;
        const evaluations = await model.evaluate(alpha, `at α = ${alpha} ${place}`);
        const point = { alpha, evaluations };
        await writeFileAtomically(
          pointPath(folder, alpha),
          `${JSON.stringify({ key, ...point }, null, 2)}\n`,
        );
        points.set(alpha, point);
      }
    } catch (error) {
      if (!signal?.aborted || error !== signal.reason) throw error;
    } finally {
      model.dispose();
    }
  }
  return alphas.flatMap((alpha) => points.get(alpha) ?? []);
}

/** A model on the device whose weights lie anywhere between those of two others. */
function createInterpolated(
  options: SweepOptions,
  before: Weights,
  after: Weights,
): {
  evaluate(alpha: number, when: string): Promise<readonly Evaluation[]>;
  dispose(): void;
} {
  const { before: model, dtype, evaluators, device, chunk, context, progress } = options;
  const { embeddings, signal } = options;
  const parameters: DeviceParameters = new Map(
    model.parameters.map(({ name, shape }) => [name, device.zeros(shape, "float32")]),
  );
  const encoder = createEncoder({ device, model, parameters, chunk });
  return {
    evaluate: async (alpha, when) => {
      const values = interpolateWeights(before, after, alpha, dtype);
      for (const [name, tensor] of parameters) tensor.write(values.get(name)!.data);
      const cache = embeddings === undefined ? undefined : {
        folder: embeddings,
        keys: await towerFingerprints(model, (name) => values.get(name)!, device),
      };
      const world = { context, progress, signal };
      const evaluations = await scoreModel(evaluators, { encoder, cache, when, ...world });
      return evaluations.map(({ itemScores: _, ...scores }) => scores);
    },
    dispose: () => {
      for (const tensor of parameters.values()) tensor.dispose();
    },
  };
}

function listOf(side: string, { name, parameters }: DualEncoder): TensorList {
  const infos = parameters.map(({ name, shape }) => [name, { dtype: "F32", shape }] as const);
  return { title: `${side} (${name})`, tensors: new Map(infos) };
}

/** Between two models there are only weights: what is made of them must be the same. */
async function checkSameTowers({ before, after, device }: SweepOptions): Promise<void> {
  const data = new Float32Array();
  const fingerprints = (model: DualEncoder) => {
    const shapes = new Map(model.parameters.map(({ name, shape }) => [name, shape]));
    return towerFingerprints(model, (name) => ({ shape: shapes.get(name)!, data }), device);
  };
  const [known, found] = [await fingerprints(before), await fingerprints(after)];
  for (const tower of ["image", "text"] as const) {
    if (known[tower] === found[tower]) continue;
    throw new TypeError(
      `before (${before.name}) and after (${after.name}): expected ${tower} towers that compute ` +
        "the same from equal weights, found another activation, preprocessing or tokenizer",
    );
  }
}

/** Tells sweeps of other weights, precisions or benchmarks apart. */
function digest(
  { before: model, dtype = "pretrained", evaluators }: SweepOptions,
  before: Weights,
  after: Weights,
): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify(evaluators.map(({ name, options }) => ({ name, options }))));
  for (const { name, shape } of model.parameters) {
    const half = dtype === "pretrained" ? before.get(name)!.dtype ?? "" : "";
    hash.update(`${name} ${shape.join()}${half}\n`);
    for (const weights of [before, after]) {
      const { buffer, byteOffset, byteLength } = weights.get(name)!.data;
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  return hash.digest("hex");
}

function pointPath(folder: string, alpha: number): string {
  return `${folder}/alpha-${alpha}.json`;
}

const pointSchema = z.object({ key: z.string(), evaluations: evaluationsSchema });

async function readPoint(
  path: string,
  key: string,
): Promise<Pick<SweepPoint, "evaluations"> | undefined> {
  const text = await readText(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const where = `${path} (remove it to score again)`;
  const point = checkContent(where, "the scores of one α", pointSchema, parseJson(where, text));
  if (point.key === key) return { evaluations: point.evaluations };
  throw new RangeError(
    `${path}: expected scores of these weights and benchmarks, found those of others; ` +
      "name another folder, or remove this one",
  );
}
