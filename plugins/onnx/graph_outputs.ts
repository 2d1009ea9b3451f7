import type { OnnxFile } from "./onnx_file.ts";
import type { OnnxGraphOptions } from "./onnx_options.ts";

/** What exporters call embeddings, best first. */
const USUAL = {
  image: ["image_embeds", "image_features", "image_embeddings", "pooler_output"],
  text: ["text_embeds", "text_features", "text_embeddings", "sentence_embedding", "pooler_output"],
} as const;

/**
 * The output that holds a tower's embeddings.
 *
 * @throws {RangeError} if it cannot be told, or there is none of that name.
 */
export function embeddingOutput(
  file: OnnxFile,
  tower: "image" | "text",
  { output, pooling }: OnnxGraphOptions = {},
): string {
  const names = file.model.proto.graph!.output.map(({ name }) => name);
  if (output !== undefined) {
    if (names.includes(output)) return output;
    throw new RangeError(
      `onnxModel.${tower}Graph.output: expected one of ${names.join(", ")}, found ${output}`,
    );
  }
  const usual = pooling === undefined ? USUAL[tower] : ["last_hidden_state", "token_embeddings"];
  const found = usual.find((name) => names.includes(name)) ??
    (names.length === 1 ? names[0] : undefined);
  if (found !== undefined) return found;
  throw new RangeError(
    `onnxModel.${tower}Graph.output: ${file.address}: expected to be told which output holds the ` +
      `embeddings, since none has a usual name; found ${names.join(", ")}`,
  );
}
