/**
 * CLIP models as recipes name them.
 *
 * @module
 */
import { dirname } from "node:path";
import { z } from "zod";
import { joinAddress } from "../../core/host/assets/address.ts";
import { openCheckpoint } from "../../core/host/storage/checkpoint.ts";
import type { Assets } from "../../core/assets.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Context } from "../../core/context.ts";
import type { DualEncoder, ModelSource, TowerFeature } from "../../core/model.ts";
import type { Normalization } from "../../core/images/raster.ts";
import { recognizeActivation, type RecognizedActivation } from "./activation.ts";
import { architecture, type ArchitectureName, type ClipConfig } from "./config.ts";
import { cutTable, restoreTable, withContext } from "./context.ts";
import { clipFeatures, createClip } from "./dual_encoder.ts";
import { inferConfig } from "./infer_config.ts";
import { initialValues } from "./initial_values.ts";
import { type ClipNames, openClipNames, recognizeNames } from "./names.ts";
import { clipParameters } from "./parameters.ts";
import { parseHuggingFaceConfig, parseOpenClipConfig, parsePreprocessor } from "./parse_config.ts";
import { clipTokenizer } from "./tokenizer.ts";
import { readWeights, writeConfig, writeLikeSource, writeModelFolder } from "./weights.ts";

/** What {@linkcode clip} can be told. */
export interface ClipOptions {
  /**
   * Where the weights are: a folder or repository (`hf:openai/clip-vit-base-patch32`), or a file,
   * with open_clip's, OpenAI's or Hugging Face's names: safetensors, a checkpoint of PyTorch (`.pt`,
   * `.pth`, `.bin`) or OpenAI's TorchScript archive.
   */
  readonly weights: string;
  /** What the weights are expected to be; needed for a dry run, which generates them. */
  readonly architecture?: ArchitectureName;
  /**
   * For weights without a configuration file, whose shapes do not tell it. Not needed where they
   * name it themselves: OpenAI's archives, and files or training runs called `…quickgelu…`.
   */
  readonly activation?: "quick_gelu" | "gelu";
  /**
   * Train and evaluate with texts of so many tokens at most, by the first rows of the table of
   * positions (CLoVe: 64). What is written has the whole table again, its last rows as they were, so
   * that other loaders accept it. Default: as many as the weights have places for, 77 in OpenAI's.
   */
  readonly context?: number;
}

const schema = z.strictObject({
  weights: z.string().min(1),
  architecture: z.enum([
    "ViT-B-32-quickgelu",
    "ViT-B-16-quickgelu",
    "ViT-L-14-quickgelu",
    "ViT-B-32",
    "ViT-B-16",
    "ViT-L-14",
  ]).exactOptional(),
  activation: z.enum(["quick_gelu", "gelu"]).exactOptional(),
  // A start and an end token at least.
  context: z.int().min(2).exactOptional(),
}).superRefine(({ architecture: name, activation }, { addIssue }) => {
  if (name === undefined || activation === undefined) return;
  const own = architecture(name).activation;
  if (activation === own) return;
  addIssue({ code: "custom", path: ["activation"], message: `${own}, which ${name} has` });
});

/** OpenAI's normalisation of pictures, kept by all fine-tunes of its weights. */
export const clipNormalization: Normalization = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  deviation: [0.26862954, 0.26130258, 0.27577711],
};

/**
 * A CLIP with a vision transformer, from weights in any of their usual homes.
 *
 * It computes in float32, and what it has been trained to is written in float32, since float16 and
 * bfloat16 have no room for small steps of training; a patched model has the precision of `weights`.
 *
 * @throws {RangeError} if an option is unknown or has a wrong value.
 *
 * @example
 * ```ts
 * import { clip } from "@syntagma/syntagma/clip";
 *
 * const model = clip({
 *   weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
 *   architecture: "ViT-B-32-quickgelu",
 * });
 * console.assert(model.name === "clip");
 * ```
 */
export const clip: (options: ClipOptions) => ModelSource<TowerFeature> = defineComponent({
  name: "clip",
  schema,
  make: (options) => ({
    gives: clipFeatures,
    load: (context) => loadClip(options, context),
    generate: async (seed) => {
      if (options.architecture === undefined) {
        throw new RangeError(
          "clip.architecture: generated weights need it; expected one such as ViT-B-32-quickgelu",
        );
      }
      return await generateClip(options.architecture, seed, openClipNames, options.context);
    },
  }),
});

/**
 * A CLIP of a known architecture with random weights, under open_clip's names or others.
 *
 * @param context The most tokens of a text. Default: the architecture's.
 * @throws {RangeError} if the architecture has fewer places than `context`.
 */
export async function generateClip(
  name: ArchitectureName,
  seed: number,
  names: ClipNames = openClipNames,
  context?: number,
): Promise<DualEncoder> {
  const whole = architecture(name);
  const config = context === undefined ? whole : withContext(whole, context, name);
  const normalization = clipNormalization;
  const parameters = clipParameters(config, names);
  return createClip({
    name: `${name} (random weights, seed ${seed})`,
    config,
    names,
    tokenizer: await clipTokenizer(),
    preprocessing: { ...normalization, size: config.image.size },
    read: () => Promise.resolve(initialValues(config, parameters, seed)),
    write: (folder, values) => writeModelFolder(folder, { config, names, normalization, values }),
  });
}

async function loadClip(options: ClipOptions, { assets, log }: Context): Promise<DualEncoder> {
  const { folder, weights } = await findWeights(options.weights, assets);
  const file = await openCheckpoint(weights);
  const names = recognizeNames(weights, file.names);
  const found = await readConfig(folder, names, assets);
  const recognized = found.config === undefined ? recognizeActivation(file) : undefined;
  const whole = decideConfig(
    options,
    weights,
    found.config,
    recognized,
    (activation) => inferConfig(file, names, activation),
  );
  if (found.config === undefined) {
    log(`${weights}: no configuration beside it; read from the shapes of its tensors`);
    if (recognized !== undefined) {
      log(`${weights}: activation ${recognized.activation}, by ${recognized.evidence}`);
    }
  }
  const normalization = found.normalization ?? clipNormalization;
  const { context } = options;
  const config = context === undefined ? whole : withContext(whole, context, weights);
  const parameters = clipParameters(whole, names);
  const table = names.text.position;
  return createClip({
    name: `${options.architecture ?? describe(config)} (${options.weights})`,
    config,
    names,
    tokenizer: await clipTokenizer(),
    preprocessing: { ...normalization, size: config.image.size },
    async read() {
      const values = await readWeights(file, parameters);
      return context === undefined ? values : cutTable(values, table, context);
    },
    async write(target, values) {
      let all = values;
      if (context !== undefined) {
        const ofTable = parameters.filter(({ name }) => name === table);
        const positions = (await readWeights(file, ofTable)).get(table)!;
        all = restoreTable(values, table, positions);
      }
      await writeLikeSource(target, file, names, all);
      // What had to be asked for or recognised need not be a second time.
      if (found.config === undefined) {
        await writeConfig(target, { config: whole, names, normalization });
      }
    },
  });
}

/**
 * The files that a folder or repository may keep its weights in. open_clip's comes first: timm's
 * repositories hold the image tower alone as `model.safetensors` beside it.
 */
const WEIGHT_FILES = [
  "open_clip_model.safetensors",
  "model.safetensors",
  "model.safetensors.index.json",
  "open_clip_pytorch_model.bin",
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
];

async function findWeights(
  address: string,
  assets: Assets,
): Promise<{ readonly folder: string; readonly weights: string }> {
  if (/\.(safetensors|pt|pth|bin|ckpt|index\.json)$/.test(address)) {
    const weights = await assets.file(address);
    if (address.endsWith(".index.json")) await fetchShards(address, weights, assets);
    return { folder: dirname(address), weights };
  }
  for (const name of WEIGHT_FILES) {
    const inside = joinAddress(address, name);
    const weights = await assets.optionalFile(inside);
    if (weights === undefined) continue;
    if (name.endsWith(".index.json")) await fetchShards(inside, weights, assets);
    return { folder: address, weights };
  }
  throw new RangeError(
    `clip.weights: ${address}: expected a folder or repository with one of ${
      WEIGHT_FILES.join(", ")
    }, found none`,
  );
}

async function fetchShards(address: string, index: string, assets: Assets): Promise<void> {
  for (const name of await shardNames(index)) {
    await assets.file(joinAddress(dirname(address), name));
  }
}

/** The files that an index names; none if it is none, which is said when it is opened. */
async function shardNames(index: string): Promise<readonly string[]> {
  try {
    const { weight_map } = JSON.parse(await Deno.readTextFile(index)) as {
      readonly weight_map: Readonly<Record<string, string>>;
    };
    return [...new Set(Object.values(weight_map))];
  } catch {
    return [];
  }
}

async function readConfig(
  folder: string,
  names: ClipNames,
  assets: Assets,
): Promise<{ readonly config?: ClipConfig; readonly normalization?: Normalization }> {
  const read = async (name: string) => {
    const path = await assets.optionalFile(joinAddress(folder, name));
    return path === undefined ? undefined : { path, text: await Deno.readTextFile(path) };
  };
  if (names.scheme === "open_clip") {
    const file = await read("open_clip_config.json");
    return file === undefined ? {} : parseOpenClipConfig(file.path, file.text);
  }
  const file = await read("config.json");
  if (file === undefined) return {};
  const preprocessor = await read("preprocessor_config.json");
  const normalization = preprocessor === undefined
    ? undefined
    : parsePreprocessor(preprocessor.path, preprocessor.text);
  return {
    ...parseHuggingFaceConfig(file.path, file.text),
    ...(normalization === undefined ? {} : { normalization }),
  };
}

/** The configuration file's word counts; what the options say must agree with it. */
function decideConfig(
  { architecture: expected, activation, context }: ClipOptions,
  weights: string,
  written: ClipConfig | undefined,
  recognized: RecognizedActivation | undefined,
  infer: (activation: ClipConfig["activation"]) => ClipConfig,
): ClipConfig {
  const asked = activation ??
    (expected === undefined ? recognized?.activation : architecture(expected).activation);
  if (recognized !== undefined && asked !== recognized.activation) {
    throw new RangeError(
      `clip.activation: ${weights} was made with ${recognized.activation}, by ` +
        `${recognized.evidence}; found ${asked}`,
    );
  }
  if (written === undefined && asked === undefined) {
    throw new RangeError(
      `clip.activation: ${weights} has no configuration beside it, and its tensors do not tell the ` +
        "activation; expected quick_gelu (OpenAI's weights and their fine-tunes) or gelu",
    );
  }
  const config = written ?? infer(asked!);
  if (activation !== undefined && config.activation !== activation) {
    throw new RangeError(
      `clip.activation: ${weights} was made with ${config.activation}, by its configuration; found ${activation}`,
    );
  }
  if (expected !== undefined) {
    const wanted = new Map(settingsOf(architecture(expected)));
    // Whoever asks for a context takes weights with any number of places, if it is enough.
    if (context !== undefined) wanted.set("text.context", config.text.context);
    const faults = settingsOf(config).filter(([name, value]) => wanted.get(name) !== value);
    if (faults.length > 0) {
      throw new RangeError(
        `clip.architecture: ${weights} is no ${expected}: ${
          faults.map(([name, value]) => `expected ${name} ${wanted.get(name)}, found ${value}`)
            .join("; ")
        }${faults.some(([name]) => name === "text.context") ? CUT : ""}`,
      );
    }
  }
  return config;
}

/** What helps with weights that were cut and written so, as CLoVe's are. */
const CUT = "; clip.context takes weights whose table of positions was cut";

/** `image.width` and the like, with their values. */
function settingsOf(config: ClipConfig): [name: string, value: unknown][] {
  return Object.entries(config).flatMap(([name, value]) =>
    typeof value === "object"
      ? Object.entries(value).map((
        [inner, value],
      ): [string, unknown] => [`${name}.${inner}`, value])
      : [[name, value]]
  );
}

function describe({ image, text, activation }: ClipConfig): string {
  return `ViT ${image.layers}x${image.width}/${image.patch} at ${image.size} px, text ` +
    `${text.layers}x${text.width}, context ${text.context}, ${activation}`;
}
