import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** Exported ONNX graphs as models, and as frozen parts of losses. */
const plugin: Plugin = definePlugin({
  name: "onnx",
  objectives: {
    textReconstruction: {
      description: "what a frozen decoder pays for another caption, from the pooled text alone",
      load: async () =>
        (await importLater<typeof import("./text_reconstruction.ts")>(
          "./text_reconstruction.ts",
          import.meta.url,
        )).textReconstruction,
    },
  },
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
