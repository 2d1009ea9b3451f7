/**
 * The best model of a run by a benchmark's score, and when there is no use in going on.
 *
 * @module
 */
import type { Evaluation } from "../../../core/evaluator.ts";
import { checkFinite } from "../../../core/finite.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import { writeSafetensors } from "../../../core/host/storage/safetensors_writer.ts";
import { alone, type Exchange, placedFirst } from "../../../core/processes/exchange.ts";
import { nearest } from "../../../core/nearest.ts";
import type { Recipe } from "../../../core/recipe.ts";
import { namedTensors } from "../../../core/training/loop/saved_tensors.ts";
import type { TrainingState } from "../../../core/training/loop/state.ts";

/** What a run calls the best: the recipe's setting. */
export type BestSetting = NonNullable<Recipe["best"]>;

/**
 * The score that models are compared by.
 *
 * @throws {RangeError} if it is not among the scores, naming those that are.
 */
export function scoreOf(
  { dataset, metric }: BestSetting,
  evaluations: readonly Evaluation[],
): number {
  const found = evaluations.find((each) => each.dataset === dataset);
  if (found === undefined) throw none("dataset", dataset, evaluations.map((each) => each.dataset));
  const score = found.metrics[metric ?? found.headline];
  if (score === undefined) throw none("metric", metric!, Object.keys(found.metrics));
  if (Number.isFinite(score)) return score;
  throw new RangeError(`best: ${dataset} came to ${score}, expected a finite score`);
}

function none(option: string, wanted: string, known: readonly string[]): RangeError {
  const guess = nearest(wanted, known);
  return new RangeError(
    `best.${option}: expected one of the scores of the run's evaluators (${
      known.join(", ")
    }), found ` +
      `${wanted}${guess === undefined ? "" : `; did you mean "${guess}"?`}`,
  );
}

/** Follows the scores of a run and keeps its best model. */
export interface BestModel {
  /** Whether so many scores in a row were no better that training is to end. */
  readonly isOver: boolean;
  /** Looks at the scores after a step, whose model is on the device: the best one so far is written. */
  see(step: number, evaluations: readonly Evaluation[]): Promise<void>;
  /** Puts the best model's values on the device; they are those that training came to if none is kept. */
  restore(): Promise<void>;
}

/** What {@linkcode openBestModel} needs. */
export interface BestModelOptions {
  /** The folder of the checkpoints. */
  readonly folder: string;
  readonly state: TrainingState;
  /** Scores of steps that were taken before the run goes on, in their order. */
  readonly earlier: readonly (readonly [step: number, evaluations: readonly Evaluation[]])[];
  readonly log: (line: string) => void;
  /** Where the processes meet that share the run: the first one keeps the model. */
  readonly exchange?: Exchange;
}

/** Begins to follow the scores of a run, or goes on with it. */
export function openBestModel(
  setting: BestSetting,
  { folder, state, earlier, log, exchange = alone }: BestModelOptions,
): BestModel {
  const file = `${folder}/best.safetensors`;
  let best: { readonly step: number; readonly score: number } | undefined;
  /** Scores in a row that were no better. */
  let since = 0;
  const count = (step: number, evaluations: readonly Evaluation[]): boolean => {
    const score = scoreOf(setting, evaluations);
    if (best !== undefined && score <= best.score) {
      since++;
      return false;
    }
    best = { step, score };
    since = 0;
    return true;
  };
  for (const [step, evaluations] of earlier) count(step, evaluations);
  const isOver = () => setting.patience !== undefined && since >= setting.patience;
  return {
    get isOver() {
      return isOver();
    },
    see: async (step, evaluations) => {
      if (count(step, evaluations) && exchange.rank === 0) await writeBest(file, state, step);
      if (isOver()) {
        log(
          `after step ${step}: ${since} scores of ${setting.dataset} in a row were no better than that ` +
            `after step ${best!.step}; training ends`,
        );
      }
    },
    restore: async () => {
      if (best === undefined) return;
      if (exchange.rank === 0) await readBest(file, state, best.step);
      await exchange.share(placedFirst(valuesOf(state).map(([, tensor]) => tensor)));
      log(`the model after step ${best.step} is the best by ${setting.dataset}: ${best.score}`);
    },
  };
}

/** Parameters that are trained, and their averages. */
function valuesOf(state: TrainingState) {
  return [...namedTensors(state)].filter(([name]) => /^(parameter|average):/.test(name));
}

async function readBest(file: string, state: TrainingState, wanted: number): Promise<void> {
  const kept = await openSafetensors(file);
  const { step } = kept.metadata;
  if (step !== String(wanted)) {
    throw new SyntaxError(`${file}: expected the model after step ${wanted}, found ${step}`);
  }
  for (const [name, tensor] of valuesOf(state)) tensor.write(await kept.readFloat32(name));
}

async function writeBest(file: string, state: TrainingState, step: number): Promise<void> {
  await Deno.mkdir(file.replace(/\/[^/]*$/, ""), { recursive: true });
  const tensors = valuesOf(state).map(([name, tensor]) => ({
    ...{ name, dtype: "F32" as const, shape: tensor.shape },
    data: async () => {
      const values = await tensor.read() as Float32Array<ArrayBuffer>;
      checkFinite(`${file} was not written: after step ${step} "${name}"`, values);
      return values;
    },
  }));
  await writeSafetensors(file, tensors, { step: String(step) });
}
