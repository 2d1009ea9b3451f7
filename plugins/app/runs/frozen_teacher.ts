import type { Context } from "../../../core/context.ts";
import type { Device } from "../../../core/device/device.ts";
import type { Encoder } from "../../../core/evaluator.ts";
import type { DualEncoder, ParameterSpec } from "../../../core/model.ts";
import type { Recipe } from "../../../core/recipe.ts";
import {
  copyParameters,
  type DeviceParameters,
  uploadParameters,
} from "../../../core/towers/device_parameters.ts";
import { createEncoder } from "../../../core/towers/encoder.ts";
import { keptEncoder } from "./kept_encoder.ts";

/** A model that training does not change. */
export interface FrozenTeacher {
  /** Embeds what losses ask it for. */
  readonly encoder: Encoder;
  /** Frees the parameters that are its own. */
  dispose(): void;
}

/** What {@linkcode frozenTeacher} needs. */
export interface TeacherOptions {
  /** Where it runs. */
  readonly device: Device;
  /** The model that is trained. */
  readonly model: DualEncoder;
  /** Its values before training. */
  readonly parameters: DeviceParameters;
  /** Which of them training changes. */
  readonly trained: readonly ParameterSpec[];
  /** What a model may use of the world. */
  readonly context: Context;
  /** The folder in which embeddings are kept; without one they are computed anew. */
  readonly embeddings?: string | undefined;
  /** Whether this is a dry run, on generated weights. */
  readonly rehearsal: boolean;
}

/**
 * The model that gives a recipe's losses frozen embeddings; undefined if none asks for them. Where it
 * is the trained model as it was, it shares what training does not change.
 */
export async function frozenTeacher(
  recipe: Recipe,
  options: TeacherOptions,
): Promise<FrozenTeacher | undefined> {
  if (!recipe.objectives.some(({ loss }) => loss.extras?.includes("frozen"))) return undefined;
  const { device, context, embeddings, rehearsal } = options;
  const { model, own, shared } = recipe.teacher === null
    ? await startOf(options)
    : await otherModel(
      rehearsal ? await recipe.teacher.generate(recipe.seed) : await recipe.teacher.load(context),
      device,
    );
  const parameters = new Map([...shared, ...own]);
  const encoder = createEncoder({ device, model, parameters, chunk: recipe.chunk });
  const { log } = context;
  return {
    encoder: await keptEncoder(encoder, { model, parameters, device, embeddings, log }),
    dispose: () => {
      for (const tensor of own.values()) tensor.dispose();
    },
  };
}

interface TeacherModel {
  readonly model: DualEncoder;
  readonly own: DeviceParameters;
  readonly shared: DeviceParameters;
}

async function startOf(
  { device, model, parameters, trained }: TeacherOptions,
): Promise<TeacherModel> {
  const names = trained.map(({ name }) => name).filter((name) => parameters.has(name));
  return { model, own: await copyParameters(device, parameters, names), shared: parameters };
}

async function otherModel(model: DualEncoder, device: Device): Promise<TeacherModel> {
  return { model, own: await uploadParameters(device, model), shared: new Map() };
}
