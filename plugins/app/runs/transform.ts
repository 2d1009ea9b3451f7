/**
 * A recipe's transformations of the trained weights.
 *
 * @module
 */
import { sameShape, showShape } from "../../../core/graph/node.ts";
import type { DualEncoder, PlainModel } from "../../../core/model.ts";
import {
  type DeviceParameters,
  downloadParameters,
} from "../../../core/towers/device_parameters.ts";
import type { Transformation, Weights } from "../../../core/transformation.ts";
import { checkFinite } from "../../../core/finite.ts";

/** What {@linkcode transformParameters} needs. */
export interface TransformOptions {
  /** What is done, in this order. */
  readonly transformations: readonly Transformation[];
  /** Gives the values before training; transformed is its plain form. */
  readonly model: DualEncoder;
  /** The trained values, of which those of the plain model are replaced on the device. */
  readonly parameters: DeviceParameters;
  /** The running averages of those that were trained, where the recipe keeps them. */
  readonly averages?: DeviceParameters | undefined;
  /** What losses have of their own, by `<objective>.<name>`. Default: nothing. */
  readonly owned?: Weights;
  /** Takes what transformations have to say. */
  readonly log: (line: string) => void;
  /** Called after each transformation, when the device has its values. */
  readonly onStage: (transformation: Transformation, weights: Weights) => Promise<void>;
}

/**
 * Applies transformations to the parameters on a device, one after another.
 *
 * @throws {TypeError} if one leaves out a parameter or changes a shape.
 * @throws {RangeError} if one gives a value that is not finite.
 */
export async function transformParameters(options: TransformOptions): Promise<void> {
  const { transformations, parameters, averages, log, onStage } = options;
  const owned = options.owned ?? new Map();
  if (transformations.length === 0) return;
  const { model, values } = plainForm(options.model);
  const before = await model.read();
  const trained = await downloadParameters(parameters);
  const averaged = averages === undefined ? {} : {
    averaged: values(
      new Map([...trained, ...await downloadParameters(ofModel(averages, parameters))]),
    ),
  };
  let after = values(trained);
  for (const transformation of transformations) {
    const weights = await transformation.apply({
      ...{ before, after, ...averaged },
      ...{ owned, model, log },
    });
    // All are checked before the first is written: the device never holds half of each.
    for (const { name, shape } of model.parameters) check(transformation, weights, name, shape);
    for (const { name } of model.parameters) {
      parameters.get(name)!.write(weights.get(name)!.data);
    }
    await onStage(transformation, weights);
    after = weights;
  }
}

/** What is transformed of a model: what {@linkcode DualEncoder.plain} says, else itself. */
export function plainForm(model: DualEncoder): PlainModel {
  return model.plain ?? { model, values: (values) => values };
}

/** Losses' own parameters have averages too. */
function ofModel(averages: DeviceParameters, parameters: DeviceParameters): DeviceParameters {
  return new Map([...averages].filter(([name]) => parameters.has(name)));
}

function check(
  { stage }: Transformation,
  weights: Weights,
  name: string,
  shape: readonly number[],
): void {
  const found = weights.get(name);
  if (found === undefined || !sameShape(found.shape, shape)) {
    throw new TypeError(
      `${stage}: expected "${name}" of shape ${showShape(shape)}, found ${
        found === undefined ? "none" : showShape(found.shape)
      }`,
    );
  }
  checkFinite(`${stage}: "${name}"`, found.data);
}
