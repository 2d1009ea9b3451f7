import { basename } from "node:path";
import type { TensorFile } from "../../core/host/storage/tensor_file.ts";
import type { ClipConfig } from "./config.ts";

/** An activation that a checkpoint names itself. */
export interface RecognizedActivation {
  /** Which it is. */
  readonly activation: ClipConfig["activation"];
  /** Where it says so, for people. */
  readonly evidence: string;
}

/**
 * The activation of weights without a configuration, where their own words tell it: the classes of a
 * TorchScript archive (OpenAI's own files), or `quickgelu` in the file's name or in the name of the
 * training run that it holds, as open_clip writes both. Tensors alone never tell it.
 *
 * @returns undefined if nothing is said.
 */
export function recognizeActivation(file: TensorFile): RecognizedActivation | undefined {
  const classes = (file.metadata["torchscript.classes"] ?? "").split(" ");
  for (const [name, activation] of [["QuickGELU", "quick_gelu"], ["GELU", "gelu"]] as const) {
    if (!classes.some((each) => each.split(".").at(-1) === name)) continue;
    return { activation, evidence: `its TorchScript class ${name}` };
  }
  // The absence of the word tells nothing: OpenAI's weights go by the name ViT-B-32, too.
  const named = [basename(file.path), file.metadata.name ?? ""].find((name) =>
    /quick_?gelu/i.test(name)
  );
  return named === undefined ? undefined : { activation: "quick_gelu", evidence: `"${named}"` };
}
