import { basename, dirname } from "node:path";
import { z } from "zod";
import type { Assets } from "../../core/assets.ts";
import { joinAddress } from "../../core/host/assets/address.ts";
import { readText } from "../../core/host/storage/read_text.ts";

/** A checkpoint and what stands beside it. */
export interface CheckpointLocation {
  /** The address of the weights' folder. */
  readonly folder: string;
  /** The weights on this machine: a file, or the index of several. */
  readonly weights: string;
}

/**
 * The files that a model folder may keep its weights in; where there are several, the first.
 * open_clip's comes first: timm's repositories hold the image tower alone as `model.safetensors`
 * beside it.
 */
const WEIGHT_FILES = [
  "open_clip_model.safetensors",
  "model.safetensors",
  "model.safetensors.index.json",
  "open_clip_pytorch_model.bin",
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
];

/**
 * The weights that an address means: a file of weights, or a folder or repository that holds one
 * under a usual name.
 *
 * @throws {AssetError} if a file cannot be had.
 * @throws {RangeError} if a folder or repository holds none.
 */
export async function locateCheckpoint(
  address: string,
  assets: Assets,
): Promise<CheckpointLocation> {
  if (/\.(safetensors|index\.json|pt|pth|bin|ckpt)$/.test(address)) {
    return { folder: dirname(address), weights: await fetchWeights(address, assets) };
  }
  for (const name of WEIGHT_FILES) {
    const inside = joinAddress(address, name);
    if (await assets.optionalFile(inside) === undefined) continue;
    return { folder: address, weights: await fetchWeights(inside, assets) };
  }
  if (await assets.optionalFile(joinAddress(address, "adapter_config.json")) !== undefined) {
    throw new RangeError(
      `${address}: expected the weights of a whole model, found an adapter (LoRA), which changes one; ` +
        `name it as lora:${address}, or its base model with lora({ model, adapter }) in a recipe`,
    );
  }
  throw new RangeError(
    `${address}: expected weights (.safetensors, .pt, .bin), or a folder or repository with one of ${
      WEIGHT_FILES.join(", ")
    }; found none`,
  );
}

async function fetchWeights(address: string, assets: Assets): Promise<string> {
  const path = await assets.file(address);
  if (!address.endsWith(".index.json")) return path;
  const index = z.object({ weight_map: z.record(z.string(), z.string()) })
    .safeParse(parseJson(await readText(path)));
  // What is wrong with an index is said when it is opened.
  for (const shard of new Set(Object.values(index.data?.weight_map ?? {}))) {
    if (shard === basename(shard)) await assets.file(joinAddress(dirname(address), shard));
  }
  return path;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
