import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** The benchmarks of the field. */
const plugin: Plugin = definePlugin({
  name: "benchmarks",
  benchmarks: async () =>
    (await importLater<typeof import("./registry.ts")>("./registry.ts", import.meta.url))
      .BENCHMARKS,
  pictures: async (name, { folders }) => {
    if (!/\.bin\/\d+$/.test(name)) return undefined;
    const { readCifarPicture } = await importLater<typeof import("./classification/cifar.ts")>(
      "./classification/cifar.ts",
      import.meta.url,
    );
    for (const folder of folders) {
      const found = await readCifarPicture(folder, name);
      if (found !== undefined) return found;
    }
    return undefined;
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
