import { sizeOf } from "../../core/graph/node.ts";
import { z } from "zod";
import { writeFileAtomically } from "../../core/host/storage/atomic_file.ts";
import { readJson } from "../../core/host/storage/read_json.ts";
import type { DualEncoder, ParameterSpec } from "../../core/model.ts";
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
 * `image_embeds` of CLIP, `pooler_output` of SigLIP and others with a bias, not of unit length; the joint
 * model gives `logits_per_image`, `logits_per_text` and both embeddings of unit length. There is no joint
 * model where a file of ONNX has no room for both towers.
 *
 * @throws {RangeError} if no other program has the model's tokenizer, or a tower is larger than a file of
 *   ONNX may be.
 */
export async function exportModel(
  given: DualEncoder,
  { folder, precision, batch }: ExportOptions,
): Promise<readonly ExportedFile[]> {
  const { model, values } = given.plain ?? { model: given, values: undefined };
  if (model.describe === undefined) {
    throw new RangeError(
      `export: expected a model with a tokenizer that other programs have, as those that clip and siglip ` +
        `read, found ${model.name}; exported graphs (onnx:<folder>) are written as ONNX by training itself`,
    );
  }
  const read = await given.read();
  const weights = values?.(read) ?? read;
  const parts = partsThatFit(model, precision);
  await Deno.mkdir(`${folder}/onnx`, { recursive: true });
  await model.describe(folder);
  const type = await modelType(`${folder}/config.json`);
  const files: ExportedFile[] = [];
  const suffix = precision === "float16" ? "_fp16" : "";
  const graphs = towerGraphs(model, weights, { precision, batch });
  const outputs: Record<keyof TowerGraphs, string> = type === "siglip"
    ? { vision_model: "pooler_output", text_model: "pooler_output", model: "" }
    : { vision_model: "image_embeds", text_model: "text_embeds", model: "" };
  for (const name of parts) {
    const bytes = graphs[name](outputs[name]);
    const path = `${folder}/onnx/${name}${suffix}.onnx`;
    await writeFileAtomically(path, bytes as Uint8Array<ArrayBuffer>);
    files.push({ path, bytes: bytes.length });
  }
  return files;
}

/** The graphs that have room in a file: both towers, and the joint one where it has. */
function partsThatFit(
  { parameters }: DualEncoder,
  precision: ExportOptions["precision"],
): readonly (keyof TowerGraphs)[] {
  const bytesOf = (names: readonly ParameterSpec["part"][]) =>
    (precision === "float16" ? 2 : 4) *
    parameters.filter(({ part }) => names.includes(part))
      .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  for (const tower of ["image", "text"] as const) {
    const size = bytesOf([tower]);
    if (size <= LARGEST) continue;
    throw new RangeError(
      `export: expected towers of at most 2 GB, the most that a file of ONNX holds, found the ${tower} ` +
        `tower of ${(size / 1e9).toFixed(1)} GB${
          precision === "float32" ? "; --precision float16 takes half of it" : ""
        }`,
    );
  }
  const towers = ["vision_model", "text_model"] as const;
  return bytesOf(["image", "text"]) > LARGEST ? towers : [...towers, "model"];
}

async function modelType(path: string): Promise<"clip" | "siglip"> {
  const result = z.object({ model_type: z.enum(["clip", "siglip"]) })
    .safeParse(await readJson(path));
  if (result.success) return result.data.model_type;
  throw new SyntaxError(`${path}: model_type: expected clip or siglip`);
}
