import { defineComponent } from "../../../../core/define_component.ts";
import type { DualEncoder, HostTensor, ModelSource } from "../../../../core/model.ts";
import {
  parseSafetensors,
  safetensorsBytes,
} from "../../../../core/host/storage/safetensors_bytes.ts";
import type { TensorFile } from "../../../../core/host/storage/tensor_file.ts";
import { z } from "zod";
import { clipFeatures } from "../../../clip/dual_encoder.ts";
import { openClipConfig } from "../../../clip/format_config.ts";
import { openClipNames } from "../../../clip/names.ts";
import { readWeights } from "../../../clip/read_weights.ts";
import { TINY_CLIP, TINY_PREPROCESSING, tinyClipModel } from "../../../scenes/tiny_clip_model.ts";
import { WEIGHTS } from "./find_weights.ts";

/** A file that a visitor gave, or that the page fetched. */
export interface PageFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The embedded CLIP with the weights of a file.
 *
 * @throws {SyntaxError} if it is no safetensors file.
 */
export function pageModel({ name, bytes }: PageFile): DualEncoder {
  const file = parseSafetensors(name, bytes);
  return tinyClipModel(name, {
    read: () => readTinyWeights(file),
    write: () => Promise.reject(new Error("a page has no folders to write to")),
  });
}

/** @throws {SyntaxError} if the tensors are not those of the embedded CLIP. */
async function readTinyWeights(file: TensorFile): Promise<ReadonlyMap<string, HostTensor>> {
  const model = tinyClipModel(file.path, {
    read: () => Promise.resolve(new Map()),
    write: () => Promise.resolve(),
  });
  try {
    return await readWeights(file, model.parameters);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SyntaxError(`${reason}. The page takes models of the embedded CLIP's architecture.`);
  }
}

/** The recipe's model: that of the page, whatever it is called there. */
export function pageModelSource(model: DualEncoder): ModelSource<"patches" | "tokens" | "pooled"> {
  const source: () => ModelSource<"patches" | "tokens" | "pooled"> = defineComponent({
    name: "tinyClip",
    schema: z.strictObject({}),
    make: () => ({
      gives: clipFeatures,
      load: () => Promise.resolve(model),
      generate: () => Promise.resolve(model),
    }),
  });
  return source();
}

/** The files of a model folder, as `tinyClip` writes it. */
export function modelFiles(values: ReadonlyMap<string, HostTensor>): PageFile[] {
  const tensors = [...values].map(([name, { shape, data }]) => ({
    ...{ name, dtype: "F32" as const, shape },
    data: new Float32Array(data),
  }));
  const config = openClipConfig(TINY_CLIP, TINY_PREPROCESSING, openClipNames);
  return [
    { name: WEIGHTS, bytes: safetensorsBytes(WEIGHTS, tensors, { format: "pt" }) },
    {
      name: "open_clip_config.json",
      bytes: new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`),
    },
  ];
}
