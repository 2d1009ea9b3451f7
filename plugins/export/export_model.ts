import { sizeOf } from "../../core/graph/node.ts";
import { z } from "zod";
import { writeFileAtomically } from "../../core/host/storage/atomic_file.ts";
import { readJson } from "../../core/host/storage/read_json.ts";
import type { DualEncoder } from "../../core/model.ts";
import type { ExportOptions } from "./export_options.ts";
import { type TowerGraphs, towerGraphs } from "./tower_graphs.ts";

/** A file that was written. */
export interface ExportedFile {
  readonly path: string;
  readonly bytes: number;
}

/** The largest file that protobuf can hold, less room for all but weights. */
const LARGEST = 2 ** 31 - 2 ** 24;

/**
 * Writes a model as transformers.js and optimum lay it out: `onnx/vision_model.onnx`,
 * `onnx/text_model.onnx` and both as `onnx/model.onnx` (in float16 `…_fp16.onnx`), beside them what
 * describes it. The towers' outputs have the names of the model's type: `text_embeds` and
 * `image_embeds` of CLIP, `pooler_output` of SigLIP, not of unit length; the joint model gives
 * `logits_per_image`, `logits_per_text` and both embeddings of unit length.
 *
 * @throws {RangeError} if transformers has no such model, or a file would be larger than ONNX allows.
 */
export async function exportModel(
  given: DualEncoder,
  { folder, precision, batch }: ExportOptions,
): Promise<readonly ExportedFile[]> {
  const { model, values } = given.plain ?? { model: given, values: undefined };
  if (model.describe === undefined) {
    throw new RangeError(
      `export: expected a model in transformers' layout (a folder with config.json and vision_model.… ` +
        `tensors), found ${model.name}`,
    );
  }
  const read = await given.read();
  const weights = values?.(read) ?? read;
  const size = (precision === "float16" ? 2 : 4) *
    model.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (size > LARGEST) {
    throw new RangeError(
      `export: expected weights of at most 2 GB, the most that a file of ONNX holds, found ${
        (size / 1e9).toFixed(1)
      } GB${precision === "float32" ? "; --precision float16 takes half of it" : ""}`,
    );
  }
  await Deno.mkdir(`${folder}/onnx`, { recursive: true });
  await model.describe(folder);
  const type = await modelType(`${folder}/config.json`);
  const files: ExportedFile[] = [];
  const suffix = precision === "float16" ? "_fp16" : "";
  const graphs = towerGraphs(model, weights, { precision, batch });
  const outputs: Record<keyof TowerGraphs, string> = type === "siglip"
    ? { vision_model: "pooler_output", text_model: "pooler_output", model: "" }
    : { vision_model: "image_embeds", text_model: "text_embeds", model: "" };
  for (const name of ["vision_model", "text_model", "model"] as const) {
    const bytes = graphs[name](outputs[name]);
    const path = `${folder}/onnx/${name}${suffix}.onnx`;
    await writeFileAtomically(path, bytes as Uint8Array<ArrayBuffer>);
    files.push({ path, bytes: bytes.length });
  }
  return files;
}

async function modelType(path: string): Promise<"clip" | "siglip"> {
  const result = z.object({ model_type: z.enum(["clip", "siglip"]) })
    .safeParse(await readJson(path));
  if (result.success) return result.data.model_type;
  throw new SyntaxError(`${path}: model_type: expected clip or siglip`);
}
