/**
 * What programs do with weights of a layout, if nothing is said.
 *
 * @module
 */
import type { TensorFile } from "../../core/host/storage/tensor_file.ts";
import { openClipFit, type SquareFit, transformersFit } from "../../core/images/square_fit.ts";
import type { ClipNames } from "./names.ts";
import type { TokenizerReference } from "./tokenizer.ts";

/** Whose tokenizer it is that weights with these names are used with. */
export function tokenizerOf({ scheme }: ClipNames, file?: TensorFile): TokenizerReference {
  if (scheme === "huggingface") return "transformers";
  return file?.metadata["torchscript.classes"] === undefined ? "open_clip" : "openai";
}

/** What programs that use these names do with pictures, if nothing is said. */
export function fitOf({ scheme }: ClipNames): SquareFit {
  return scheme === "huggingface" ? transformersFit : openClipFit;
}
