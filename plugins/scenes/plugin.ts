import { importLater } from "../../core/import_later.ts";
import type { ModelSource } from "../../core/model.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";
import type { EmbeddedFactory } from "./embedded_clip.ts";

/**
 * The source of an embedded CLIP: by its name, by weights, or a folder that a run has left.
 *
 * @param config The name of its architecture.
 */
function embedded(
  name: string,
  config: "TINY_CLIP" | "SIGHTED_CLIP",
  load: () => Promise<EmbeddedFactory>,
): (reference: string) => Promise<ModelSource | undefined> {
  return async (reference) => {
    if (reference === name) return (await load())();
    const prefix = `${name}:`;
    if (reference.startsWith(prefix)) {
      return (await load())({ weights: reference.slice(prefix.length) || "shipped" });
    }
    // A model folder, or the weights in one.
    const folder = reference.replace(/\/?open_clip_model\.safetensors$/, "") || ".";
    const isThere = await Deno.stat(`${folder}/open_clip_config.json`)
      .then(() => true, () => false);
    if (!isThere) return undefined;
    const [{ isFolderOf }, models] = await Promise.all([
      importLater<typeof import("./embedded_clip.ts")>("./embedded_clip.ts", import.meta.url),
      importLater<typeof import("./tiny_clip_model.ts")>("./tiny_clip_model.ts", import.meta.url),
    ]);
    if (!await isFolderOf(models[config], folder)) return undefined;
    return (await load())({ weights: `${folder}/open_clip_model.safetensors` });
  };
}

/** The embedded world of drawn scenes, its benchmarks and its two CLIPs. */
const plugin: Plugin = definePlugin({
  name: "scenes",
  models: {
    tiny: {
      form: "tiny for the embedded CLIP, tiny:<file> for its weights from a run",
      source: embedded(
        "tiny",
        "TINY_CLIP",
        async () =>
          (await importLater<typeof import("./tiny_clip.ts")>("./tiny_clip.ts", import.meta.url))
            .tinyClip,
      ),
    },
    sighted: {
      form: "sighted for the embedded CLIP that sees places, sighted:<file> for its weights",
      source: embedded(
        "sighted",
        "SIGHTED_CLIP",
        async () =>
          (await importLater<typeof import("./sighted_clip.ts")>(
            "./sighted_clip.ts",
            import.meta.url,
          )).sightedClip,
      ),
    },
  },
  data: {
    scenes: {
      description: "drawn scenes with exact captions",
      load: async () =>
        (await importLater<typeof import("./scenes.ts")>("./scenes.ts", import.meta.url)).scenes,
    },
    swappedScenes: {
      description: "the same scenes with the colours of two objects exchanged",
      load: async () =>
        (await importLater<typeof import("./scenes.ts")>("./scenes.ts", import.meta.url))
          .swappedScenes,
    },
    collages: {
      description: "two scenes in one picture",
      load: async () =>
        (await importLater<typeof import("./collages.ts")>("./collages.ts", import.meta.url))
          .collages,
    },
  },
  benchmarks: async () =>
    (await importLater<typeof import("./benchmarks.ts")>("./benchmarks.ts", import.meta.url))
      .SCENES_BENCHMARKS,
  pictures: async (name, { size }) => {
    if (!name.startsWith("scenes/")) return undefined;
    const { drawItemPicture } = await importLater<typeof import("./draw_item_picture.ts")>(
      "./draw_item_picture.ts",
      import.meta.url,
    );
    return drawItemPicture(name, Math.max(8, Math.floor(size / 1.5)));
  },
  recipes: {
    "clic-tiny": {
      description: "CLIC on the embedded tiny CLIP and its world of scenes; needs nothing else",
      load: () => importLater("../../recipes/clic_tiny.ts", import.meta.url),
    },
    "clic-web": {
      description: "CLIC on the embedded tiny CLIP as the page of `web` trains it in a browser",
      load: () => importLater("../../recipes/clic_web.ts", import.meta.url),
    },
    "pretrain-tiny": {
      description: "Trains the embedded tiny CLIP from nothing on procedural scenes",
      load: () => importLater("../../recipes/pretrain_tiny.ts", import.meta.url),
    },
    "pretrain-sighted": {
      description: "Trains the embedded CLIP that sees places, from the tiny CLIP's weights",
      load: () => importLater("../../recipes/pretrain_sighted.ts", import.meta.url),
    },
    "study-tiny": {
      description: "Compares all methods on the embedded CLIP that sees places, with three seeds",
      load: () => importLater("../../recipes/study_tiny.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
