import process from "node:process";
import type { Assets } from "../../core/assets.ts";
import type { DataSet } from "../../core/dataset.ts";
import type { Tokenizer } from "../../core/model.ts";
import type { Precision } from "../../core/precision.ts";
import type { Recipe } from "../../core/recipe.ts";
import { uploadParameters } from "../../core/towers/device_parameters.ts";
import { trainableParameters } from "../../core/training/loop/loss_parameters.ts";
import { prepareObjectives } from "../../core/training/loop/prepare.ts";
import { beginTraining, disposeState } from "../../core/training/loop/state.ts";
import { train } from "../../core/training/loop/train.ts";
import { generatedData } from "../../plugins/app/runs/generated_data.ts";
import type { CountingDevice } from "./flops.ts";

/** Steps of one objective of a recipe. */
export interface StepsReport {
  readonly recipe: string;
  readonly objective: string;
  readonly batch: number;
  /** What the towers computed in. */
  readonly precision: Precision;
  /** Tokens of the longest text. */
  readonly tokens: number;
  /** Steps that were measured; one of each objective before them compiled and is left out. */
  readonly steps: number;
  /** The median. */
  readonly secondsPerStep: number;
  /** Of the process, all its threads together; composing the next batch is among it. The median. */
  readonly processorSecondsPerStep: number;
  /** Rows of a batch a second: a picture and its texts. */
  readonly pairsPerSecond: number;
  /** Of matrix products and convolutions. */
  readonly teraflopsPerSecond: number;
  /** Of the last step. */
  readonly loss: number;
}

/** What {@linkcode measureSteps} needs. */
export interface MeasureOptions {
  readonly device: CountingDevice;
  readonly assets: Assets;
  /** Default: made up, so that its values cost nothing. */
  readonly data?: DataSet;
  /** When to stop, in seconds from now; each objective gets a step at least. */
  readonly seconds: number;
  /** The most steps of each objective. */
  readonly steps: number;
  readonly log: (line: string) => void;
}

/** Measures steps of a recipe on weights that are made up. */
export async function measureSteps(
  planned: Recipe,
  { device, assets, seconds, steps, log, ...options }: MeasureOptions,
): Promise<readonly StepsReport[]> {
  const made = await planned.model.generate(planned.seed);
  let tokens = 0;
  const encode: Tokenizer["encode"] = (...text) => {
    const ids = made.tokenizer.encode(...text);
    tokens = Math.max(tokens, ids.length);
    return ids;
  };
  const model = { ...made, tokenizer: { ...made.tokenizer, encode } };
  const data = options.data ?? generatedData(planned.batch * 4, planned.seed);
  const { trained } = trainableParameters(planned, model);
  const parameters = await uploadParameters(device, model);
  const recipe = await prepareObjectives(planned, {
    ...{ assets, log, rehearsal: true, device, model, parameters, data },
  });
  const state = await beginTraining(recipe, { device, model, parameters, trained });
  const measured: {
    readonly objective: string;
    readonly seconds: number;
    readonly processorSeconds: number;
    readonly flops: number;
    readonly loss: number;
  }[] = [];
  const enough = new AbortController();
  const end = performance.now() + 1000 * seconds;
  const warmUp = recipe.objectives.length;
  let counted = device.flops();
  let used = processorSeconds();
  try {
    await train({
      ...{ recipe, device, model, data, state, signal: enough.signal },
      from: { step: 0, next: { epoch: 0, position: 0 }, epoch: 0 },
      total: warmUp * (1 + steps),
      hooks: {
        onLine: () => {},
        lastCheckpoint: () => undefined,
        onStep: ({ step, objective, seconds, loss }) => {
          const flops = device.flops() - counted;
          counted = device.flops();
          const before = used;
          used = processorSeconds();
          log(`${recipe.name}, step ${step} (${objective}): ${seconds.toPrecision(3)} s`);
          if (step > warmUp) {
            measured.push({ objective, seconds, processorSeconds: used - before, flops, loss });
          }
          if (step >= 2 * warmUp && performance.now() > end) enough.abort();
          return Promise.resolve();
        },
      },
    });
  } finally {
    disposeState(state);
  }
  return [...Map.groupBy(measured, ({ objective }) => objective)].map(([objective, each]) => {
    const secondsPerStep = median(each.map(({ seconds }) => seconds));
    return {
      recipe: recipe.name,
      objective,
      batch: recipe.batch,
      precision: recipe.precision,
      tokens,
      steps: each.length,
      secondsPerStep,
      processorSecondsPerStep: median(each.map(({ processorSeconds }) => processorSeconds)),
      pairsPerSecond: recipe.batch / secondsPerStep,
      teraflopsPerSecond: median(each.map(({ flops, seconds }) => flops / seconds / 1e12)),
      loss: each.at(-1)!.loss,
    };
  });
}

/** What the process has used of processors so far. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
