import type { Assets } from "../../core/assets.ts";
import { joinAddress } from "../../core/host/assets/address.ts";
import { readJson } from "../../core/host/storage/read_json.ts";
import { type OnnxOptions, onnxOptionsSchema } from "./onnx_options.ts";

/** The file by which a folder describes its model. */
export const DESCRIPTION = "onnx_model.json";

/** Options with the addresses of graphs. */
export type LocatedOptions = Omit<OnnxOptions, "weights" | "text"> & { readonly text: string };

/**
 * Where the graphs of a model are: as its folder says, or by the names that optimum gives them.
 *
 * @throws {RangeError} if the folder has none.
 * @throws {SyntaxError} if its description is none.
 */
export async function locateGraphs(options: OnnxOptions, assets: Assets): Promise<LocatedOptions> {
  const { weights, text, ...rest } = options;
  if (text !== undefined) return { ...rest, text };
  const folder = weights!;
  const description = await assets.optionalFile(joinAddress(folder, DESCRIPTION));
  if (description !== undefined) {
    const { text: own, weights: _, image, tokenizer, ...described } = await readDescription(
      description,
    );
    return {
      ...described,
      ...(image === undefined ? {} : { image: joinAddress(folder, image) }),
      tokenizer: tokenizer === "clip" ? tokenizer : folder,
      ...rest,
      text: joinAddress(folder, own!),
    };
  }
  const has = async (name: string) => {
    const address = joinAddress(folder, name);
    return await assets.optionalFile(address) === undefined ? undefined : address;
  };
  for (const inside of ["", "onnx/"]) {
    const texts = await has(`${inside}text_model.onnx`);
    const image = await has(`${inside}vision_model.onnx`);
    if (texts !== undefined && image !== undefined) return { ...rest, text: texts, image };
    const both = await has(`${inside}model.onnx`);
    if (both !== undefined) return { ...rest, text: both, image: both };
  }
  throw new RangeError(
    `onnxModel.weights: ${folder}: expected ${DESCRIPTION}, text_model.onnx and vision_model.onnx, or ` +
      "model.onnx, in it or in its folder onnx; found none",
  );
}

async function readDescription(path: string): Promise<OnnxOptions> {
  const { data, error } = onnxOptionsSchema.safeParse(await readJson(path));
  if (data?.text !== undefined) return data;
  const issue = error?.issues[0];
  throw new SyntaxError(
    `${path}: ${issue?.path.join(".") || "text"}: ${issue?.message ?? "expected a file's name"}`,
  );
}
