import { z } from "zod";
import type { Json } from "../../core/component.ts";
import type { Context } from "../../core/context.ts";
import { defineComponent } from "../../core/define_component.ts";
import { openCheckpoint } from "../../core/host/storage/checkpoint.ts";
import { readJson } from "../../core/host/storage/read_json.ts";
import type { DualEncoder, ModelSource } from "../../core/model.ts";
import type { ClipConfig } from "../clip/config.ts";
import { clipFeatures, type ClipParts } from "../clip/dual_encoder.ts";
import { openClipConfig } from "../clip/format_config.ts";
import { initialValues } from "../clip/initial_values.ts";
import { openClipNames } from "../clip/names.ts";
import { clipParameters, onlyNamed } from "../clip/parameters.ts";
import { readWeights } from "../clip/read_weights.ts";
import { writeModelFolder } from "../clip/weights.ts";
import { TINY_PREPROCESSING } from "./tiny_clip_model.ts";

/** A CLIP that comes with this package. */
export interface EmbeddedClip {
  /** The factory's name. */
  readonly name: string;
  /** Its architecture. */
  readonly config: ClipConfig;
  /** The model with weights from anywhere, by a name for people. */
  readonly create: (name: string, parts: Pick<ClipParts, "read" | "write">) => DualEncoder;
  /** The path of the weights that are shipped. */
  readonly shipped: (context: Context) => Promise<string>;
  /** Values to begin with by other names than "shipped" and "random". */
  readonly begins?: Readonly<Record<string, (context: Context) => Promise<Values>>>;
}

type Values = Awaited<ReturnType<DualEncoder["read"]>>;

/** Makes an {@linkcode EmbeddedClip}'s source. */
export type EmbeddedFactory = (
  options?: { readonly weights?: string },
) => ModelSource<"patches" | "tokens" | "pooled">;

const schema = z.strictObject({ weights: z.string().min(1).default("shipped") });

/** A factory of an embedded CLIP, whatever its weights are from. */
export function defineEmbeddedClip(
  { name, config, create, shipped, begins = {} }: EmbeddedClip,
): EmbeddedFactory {
  const parameters = clipParameters(config, openClipNames);
  const withRead = (from: string, read: DualEncoder["read"]) =>
    create(from, {
      read,
      write: (folder, values) =>
        writeModelFolder(folder, {
          config,
          names: openClipNames,
          preprocessing: TINY_PREPROCESSING,
          values,
        }),
    });
  const generate = (seed: number) =>
    Promise.resolve(withRead(
      `random weights, seed ${seed}`,
      (wanted) => Promise.resolve(initialValues(config, onlyNamed(parameters, wanted), seed)),
    ));
  return defineComponent({
    name,
    schema,
    make: ({ weights }) => ({
      gives: clipFeatures,
      load: async (context: Context) => {
        if (weights === "random") return await generate(0);
        const begin = begins[weights];
        if (begin !== undefined) return withRead(weights, () => begin(context));
        const file = await openCheckpoint(
          weights === "shipped" ? await shipped(context) : await context.assets.file(weights),
        );
        return withRead(weights, (wanted) => readWeights(file, onlyNamed(parameters, wanted)));
      },
      generate,
    }),
  });
}

/** Whether a folder holds a model of this architecture, as a run leaves it. */
export async function isFolderOf(config: ClipConfig, folder: string): Promise<boolean> {
  const found = await readJson(`${folder}/open_clip_config.json`).catch(() => null) as
    | { readonly model_cfg?: Json }
    | null;
  const own = openClipConfig(config, TINY_PREPROCESSING, openClipNames);
  return JSON.stringify(found?.model_cfg) === JSON.stringify(own.model_cfg);
}
