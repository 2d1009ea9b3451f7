import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** Models from exported ONNX graphs. */
const plugin: Plugin = definePlugin({
  name: "onnx",
  models: {
    onnxModel: {
      form: "onnx:<folder> with exported graphs",
      source: async (reference) => {
        const weights = await folderOf(reference);
        if (weights === undefined) return undefined;
        const { onnxModel } = await importLater<typeof import("./onnx_model.ts")>(
          "./onnx_model.ts",
          import.meta.url,
        );
        return onnxModel({ weights });
      },
    },
  },
});

/** The folder that is meant: what is said to be one, and what a run has written. */
async function folderOf(reference: string): Promise<string | undefined> {
  const prefix = "onnx:";
  if (reference.startsWith(prefix)) return reference.slice(prefix.length);
  try {
    await Deno.stat(`${reference}/onnx_model.json`);
    return reference;
  } catch {
    return undefined;
  }
}

export default plugin;
