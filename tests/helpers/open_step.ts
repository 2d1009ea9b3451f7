import type { Device, DeviceTensor } from "../../core/device/device.ts";
import type { Encoder } from "../../core/evaluator.ts";
import type { DualEncoder } from "../../core/model.ts";
import type { AnyObjective } from "../../core/objective.ts";
import type { Optimizer } from "../../core/optimizer.ts";
import type { Precision } from "../../core/precision.ts";
import { mul, sub } from "../../core/graph/elementwise.ts";
import { copyParameters, uploadParameters } from "../../core/towers/device_parameters.ts";
import type { Batch } from "../../core/training/loop/batches.ts";
import { trainableParameters, uploadOwned } from "../../core/training/loop/loss_parameters.ts";
import {
  createTrainingState,
  disposeState,
  type TrainingState,
} from "../../core/training/loop/state.ts";
import type { Exchange } from "../../core/training/step/exchange.ts";
import type { LossValues } from "../../core/training/step/loss_step.ts";
import { createTrainStep, type TrainStep } from "../../core/training/step/train_step.ts";

/** Plain gradient descent: `p ← p − lr·g`. */
export const descent: Optimizer = {
  name: "descent",
  options: {},
  lr: 1,
  slots: [],
  groups: (parameters) => [{ name: "all", parameters, scalars: (lr) => ({ rate: lr }) }],
  update: ({ parameter, gradient, scalars }) => ({
    parameter: sub(parameter, mul(gradient, scalars.rate!)),
    slots: {},
  }),
  with: () => descent,
};

/** What {@linkcode openStep} can be told. */
export interface OpenStepOptions {
  readonly chunk: number;
  /** Default: everything. */
  readonly trained?: readonly string[];
  readonly frozen?: readonly string[];
  readonly optimizer?: Optimizer;
  readonly teacher?: Encoder;
  readonly decay?: number;
  readonly clipNorm?: number;
  readonly exchange?: Exchange;
  readonly memory?: number;
  readonly precision?: Precision;
}

/** A training step on a model, with its state at hand. */
export interface OpenStep {
  readonly step: TrainStep;
  readonly state: TrainingState;
  /** The loss of a batch and its gradients; the sums are zero before and after. */
  differentiate(batch: Batch, at?: number): Promise<LossValues & { readonly gradients: Gradients }>;
  /**
   * The gradient of one element of a parameter by central differences of the loss.
   *
   * @param by How far the element goes to each side.
   */
  differences(batch: Batch, parameter: string, element: number, by: number): Promise<number>;
  close(): void;
}

type Gradients = ReadonlyMap<string, Float32Array>;

/** Opens a training step for one objective. */
export async function openStep(
  device: Device,
  model: DualEncoder,
  objective: AnyObjective,
  options: OpenStepOptions,
): Promise<OpenStep> {
  const { chunk, optimizer = descent, decay, clipNorm = null, teacher, exchange, memory = 0 } =
    options;
  const { precision = "float32" } = options;
  const average = decay === undefined ? null : { decay };
  const objectives = [objective];
  const { trained } = trainableParameters({
    objectives: objectives as Parameters<typeof trainableParameters>[0]["objectives"],
    trained: options.trained ?? null,
    frozen: options.frozen ?? [],
  }, model);
  const parameters = new Map([
    ...await uploadParameters(device, model),
    ...uploadOwned(device, objectives, model, 0),
  ]);
  const names = trained.map(({ name }) => name);
  const averages = average === null ? undefined : await copyParameters(device, parameters, names);
  const state = createTrainingState({
    device,
    parameters,
    trained,
    optimizer,
    objectives,
    averages,
    precision,
  });
  const step = await createTrainStep({
    ...{ device, model, chunk, memory, precision, state, recipe: { optimizer, average, clipNorm } },
    ...(teacher === undefined ? {} : { frozen: teacher }),
    ...(exchange === undefined ? {} : { exchange }),
  });
  const clear = () => state.gradients.forEach((tensor) => tensor.clear());
  return {
    step,
    state,
    differentiate: async (batch, at = 0) => {
      const values = await step.add(objective, batch, at);
      const gradients = new Map<string, Float32Array>();
      for (const [name, tensor] of state.gradients) gradients.set(name, await valuesOf(tensor));
      clear();
      return { ...values, gradients };
    },
    differences: async (batch, parameter, element, by) => {
      const tensor = parameters.get(parameter)!;
      const values = await valuesOf(tensor);
      const lossAt = async (value: number) => {
        tensor.write(values.with(element, value));
        const { loss } = await step.add(objective, batch, 0);
        clear();
        return loss;
      };
      const [right, left] = [values[element]! + by, values[element]! - by].map(Math.fround);
      const change = await lossAt(right!) - await lossAt(left!);
      tensor.write(values);
      return change / (right! - left!);
    },
    close: () => {
      step.dispose();
      disposeState(state);
    },
  };
}

async function valuesOf(tensor: DeviceTensor): Promise<Float32Array> {
  return await tensor.read() as Float32Array;
}
