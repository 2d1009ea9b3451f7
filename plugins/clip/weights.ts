/**
 * CLIP weights into files.
 *
 * @module
 */
import { basename, dirname } from "node:path";
import type { TensorFile } from "../../core/host/storage/tensor_file.ts";
import { writeSafetensors } from "../../core/host/storage/safetensors_writer.ts";
import { writeFileAtomically } from "../../core/host/storage/atomic_file.ts";
import type { HostTensor, Preprocessing } from "../../core/model.ts";
import type { JsonObject } from "../../core/component.ts";
import { companionFor, COMPANIONS, sharedDtype } from "./companions.ts";
import type { ClipConfig } from "./config.ts";
import { huggingFaceConfig, huggingFacePreprocessor, openClipConfig } from "./format_config.ts";
import type { ClipNames } from "./names.ts";
import { tensorOf } from "./tensor_of.ts";

/**
 * Writes a model folder in the layout that the weights came in: parameters under their own names,
 * tensors that are no parameters as they were, and the configuration files beside them. A sharded
 * checkpoint becomes one file, and a checkpoint of PyTorch a safetensors file.
 *
 * The element type is that of the values, not of the source: what was trained is float32 even if the
 * source was not, because steps of training that are smaller than half a step of float16 or bfloat16
 * would be lost. The configuration says so.
 *
 * @returns The element type of the weights, as transformers names it.
 */
export async function writeLikeSource(
  folder: string,
  source: TensorFile,
  scheme: ClipNames["scheme"],
  values: ReadonlyMap<string, HostTensor>,
): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const before = basename(source.path).replace(/\.index\.json$/, "");
  const file = before.endsWith(".safetensors") ? before : weightsFile(scheme);
  const tensors = source.names.map((name) => {
    const value = values.get(name);
    return value === undefined
      ? { name, ...source.info(name), data: () => source.read(name) }
      : { ...tensorOf(name, value), shape: source.info(name).shape };
  });
  await writeSafetensors(`${folder}/${file}`, tensors, { ...source.metadata, format: "pt" });
  const dtype = sharedDtype(tensors.map(({ dtype }) => dtype));
  await copyCompanions(folder, source, dtype);
  return dtype;
}

/**
 * Copies the files that stand beside weights and describe them.
 *
 * @param dtype The element type of the weights that they then describe, as transformers names it.
 */
export async function copyCompanions(
  folder: string,
  source: TensorFile,
  dtype: string,
): Promise<void> {
  for (const name of COMPANIONS) {
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = await Deno.readFile(`${dirname(source.path)}/${name}`);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      throw error;
    }
    await writeFileAtomically(`${folder}/${name}`, companionFor(name, bytes, dtype));
  }
}

/** Writes a model folder from nothing but its values, in the layout of its names. */
export async function writeModelFolder(
  folder: string,
  { config, names, preprocessing, values }: {
    readonly config: ClipConfig;
    readonly names: ClipNames;
    readonly preprocessing: Preprocessing;
    readonly values: ReadonlyMap<string, HostTensor>;
  },
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await writeSafetensors(
    `${folder}/${weightsFile(names.scheme)}`,
    [...values].map(([name, value]) => tensorOf(name, value)),
    { format: "pt" },
  );
  const dtype = sharedDtype([...values.values()].map(({ dtype }) => dtype ?? "F32"));
  await writeConfig(folder, { config, names, preprocessing, dtype });
}

/**
 * Writes the configuration files of a model folder.
 *
 * @throws {RangeError} if the layout has no setting for a part of the preprocessing.
 */
export async function writeConfig(
  folder: string,
  { config, names, preprocessing, dtype }: {
    readonly config: ClipConfig;
    readonly names: ClipNames;
    readonly preprocessing: Preprocessing;
    /** The element type of the weights beside them, as transformers names it. */
    readonly dtype: string;
  },
): Promise<void> {
  const json = (name: string, content: JsonObject) =>
    writeFileAtomically(`${folder}/${name}`, `${JSON.stringify(content, null, 2)}\n`);
  if (names.scheme === "huggingface") {
    await json("config.json", huggingFaceConfig(config, dtype));
    await json("preprocessor_config.json", huggingFacePreprocessor(preprocessing));
  } else {
    await json("open_clip_config.json", openClipConfig(config, preprocessing, names));
  }
}

/** The name under which programs look for weights. */
function weightsFile(scheme: ClipNames["scheme"]): string {
  return scheme === "huggingface" ? "model.safetensors" : "open_clip_model.safetensors";
}
