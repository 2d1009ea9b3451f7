import { defineComponent } from "../../core/define_component.ts";
import type { ModelSource } from "../../core/model.ts";
import { loadOnnx } from "./load_onnx.ts";
import { type OnnxOptions, onnxOptionsSchema } from "./onnx_options.ts";

/**
 * A dual encoder of two exported graphs, `torch.onnx`'s or optimum's, whose initializers are trained
 * under their names and written back. See docs/onnx.md for what is read.
 *
 * @throws {RangeError} if an option is unknown or has a wrong value.
 *
 * @example
 * ```ts
 * import { onnxModel } from "@syntagma/syntagma/onnx";
 *
 * const model = onnxModel({ image: "export/vision.onnx", text: "export/text.onnx" });
 * console.assert(model.name === "onnxModel");
 * ```
 */
export const onnxModel: <Options extends OnnxOptions>(
  options: Options,
) => ModelSource<Options extends { readonly logitBias: number } ? "logitBias" : never> =
  defineComponent({
    name: "onnxModel",
    schema: onnxOptionsSchema,
    make: (options) => ({
      ...(options.logitBias === undefined ? {} : { gives: { logitBias: true } as const }),
      load: (context) => loadOnnx(options, context),
      generate: () =>
        Promise.reject(
          new RangeError(
            "onnxModel: its graphs stand in the files of its weights, so it has no dry run without them",
          ),
        ),
    }),
  });
