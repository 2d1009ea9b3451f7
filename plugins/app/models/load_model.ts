import type { Context } from "../../../core/context.ts";
import type { Device, DeviceKind } from "../../../core/device/device.ts";
import { createProgramCache } from "../../../core/device/program_cache.ts";
import { assetsFromEnvironment } from "../../../core/host/assets/environment.ts";
import { joinPlugins } from "../../../core/join_plugins.ts";
import type { ModelSource } from "../../../core/model.ts";
import type { Plugin } from "../../../core/plugin.ts";
import { uploadParameters } from "../../../core/towers/device_parameters.ts";
import { plugins as builtIn } from "../../index.ts";
import { modelReference } from "./model_reference.ts";
import { createLoadedModel, type LoadedModel } from "./loaded_model.ts";
import { leaseDevice, leasePicturePool } from "./surroundings.ts";

/** How a model is loaded. */
export interface LoadModelOptions {
  /** The activation of the perceptrons, of weights that do not tell it. */
  readonly activation?: "quick_gelu" | "gelu";
  /** Which of several models in one file. */
  readonly part?: string;
  /**
   * What computes. Models that are loaded at the same time share the device of a kind; one that is
   * given itself stays open when they are disposed of. Default: the best there is.
   */
  readonly device?: "auto" | DeviceKind | Device;
  /** The most pictures or texts that go through a tower together. Default 64. */
  readonly chunk?: number;
  /** Hears of downloads and of what was recognised. Default: a line on standard error. */
  readonly log?: Context["log"];
  /** What knows families of models. Default: the plugins that come along. */
  readonly plugins?: readonly Plugin[];
}

/**
 * Loads a model of any family onto a device.
 *
 * @param model A folder, also that of a run (`runs/…`) or its `model`; a file of weights; a repository
 *   (`hf:openai/clip-vit-base-patch32`); `tiny` for the model that comes along; or what a recipe would
 *   name it by (`clip({ … })`).
 * @throws {RangeError | SyntaxError | AssetError} if it is no model, or none that is computed here.
 *
 * @example
 * ```ts
 * import { loadModel } from "@syntagma/syntagma/models";
 *
 * await using model = await loadModel("tiny", { device: "cpu" });
 * const texts = ["a red circle", "a blue square"];
 * const red = { width: 1, height: 1, data: Uint8Array.of(255, 0, 0) };
 * const { cosines } = await model.similarity([red], texts);
 * console.assert(cosines.length === 1 && cosines[0]!.length === 2);
 * ```
 */
export async function loadModel(
  model: string | URL | ModelSource,
  options: LoadModelOptions = {},
): Promise<LoadedModel> {
  const { device: wanted = "auto", chunk = 64, log = console.error, plugins = builtIn } = options;
  if (!Number.isSafeInteger(chunk) || chunk < 1) {
    throw new RangeError(`chunk: expected a whole number of at least 1, found ${chunk}`);
  }
  const source = await sourceOf(model, options, plugins);
  const held = new AsyncDisposableStack();
  try {
    // Before the device, and not where the first picture comes: see surroundings.ts.
    const images = held.use(await leasePicturePool()).value;
    const context: Context = { assets: assetsFromEnvironment({ log }), images, log };
    const towers = await source.load(context);
    const whole = typeof wanted === "string" ? held.use(await leaseDevice(wanted)).value : wanted;
    // Programs are freed with the model, long before a shared device is.
    const device: Device = { ...whole, programs: createProgramCache() };
    held.defer(() => device.programs.dispose());
    const parameters = await uploadParameters(device, towers);
    held.defer(() => {
      for (const tensor of parameters.values()) tensor.dispose();
    });
    const release = held.move();
    return createLoadedModel({
      ...{ context, device, towers, parameters, source, chunk },
      literature: () => joinPlugins(plugins).literature(),
      release: () => release.disposeAsync(),
    });
  } catch (error) {
    await held.disposeAsync();
    throw error;
  }
}

async function sourceOf(
  model: string | URL | ModelSource,
  { activation, part }: Pick<LoadModelOptions, "activation" | "part">,
  plugins: readonly Plugin[],
): Promise<ModelSource> {
  if (typeof model === "object" && !(model instanceof URL)) return model;
  return await joinPlugins(plugins).source(await modelReference(String(model)), {
    ...(activation === undefined ? {} : { activation }),
    ...(part === undefined ? {} : { part }),
  });
}
