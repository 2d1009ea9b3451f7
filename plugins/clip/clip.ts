/**
 * CLIP models as recipes name them.
 *
 * @module
 */
import { z } from "zod";
import { joinAddress } from "../../core/host/assets/address.ts";
import { openCheckpoint } from "../../core/host/storage/checkpoint.ts";
import type { TensorFile } from "../../core/host/storage/tensor_file.ts";
import { openClipFit, type SquareFit, transformersFit } from "../../core/images/square_fit.ts";
import type { Assets } from "../../core/assets.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Context } from "../../core/context.ts";
import type { DualEncoder, ModelSource, Preprocessing } from "../../core/model.ts";
import { readText } from "../../core/host/storage/read_text.ts";
import { recognizeActivation, type RecognizedActivation } from "./activation.ts";
import { architecture, type ArchitectureName, type ClipConfig } from "./config.ts";
import { cutTable, restoreTable, withContext } from "./context.ts";
import { clipFeatures, createClip } from "./dual_encoder.ts";
import { inferConfig } from "./infer_config.ts";
import { initialValues } from "./initial_values.ts";
import { locateCheckpoint } from "./locate_checkpoint.ts";
import { type ClipNames, openClipNames } from "./names.ts";
import { clipNormalization } from "./normalization.ts";
import { clipParameters } from "./parameters.ts";
import { type ParsedConfig, parseHuggingFaceConfig, parseOpenClipConfig } from "./parse_config.ts";
import { parsePreprocessor } from "./parse_preprocessing.ts";
import { checkAllAreRead, recognizeNames } from "./recognize_names.ts";
import { clipTokenizer, type TokenizerReference } from "./tokenizer.ts";
import { readWeights, writeConfig, writeLikeSource, writeModelFolder } from "./weights.ts";

/** Options of {@linkcode clip}. */
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
  /**
   * Which of several models in one file: the name that it is kept under in a checkpoint of PyTorch
   * (`"model"`, `"model_ema"` for the averaged weights), or what its tensors' names begin with.
   */
  readonly part?: string;
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
  part: z.string().min(1).exactOptional(),
}).superRefine(({ architecture: name, activation }, { addIssue }) => {
  if (name === undefined || activation === undefined) return;
  const own = architecture(name).activation;
  if (activation === own) return;
  addIssue({ code: "custom", path: ["activation"], message: `${own}, which ${name} has` });
});

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
export const clip: (options: ClipOptions) => ModelSource<"patches" | "tokens" | "pooled"> =
  defineComponent({
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
  const parameters = clipParameters(config, names);
  const preprocessing = {
    ...clipNormalization,
    size: config.image.size,
    fit: fitOf(names),
  };
  return createClip({
    name: `${name} (random weights, seed ${seed})`,
    config,
    names,
    tokenizer: await clipTokenizer(tokenizerOf(names)),
    preprocessing,
    read: () => Promise.resolve(initialValues(config, parameters, seed)),
    write: (folder, values) => writeModelFolder(folder, { config, names, preprocessing, values }),
  });
}

/** Whose tokenizer it is that weights with these names are used with. */
function tokenizerOf({ scheme }: ClipNames, file?: TensorFile): TokenizerReference {
  if (scheme === "huggingface") return "transformers";
  return file?.metadata["torchscript.classes"] === undefined ? "open_clip" : "openai";
}

/** What programs that use these names do with pictures, if nothing is said. */
function fitOf({ scheme }: ClipNames): SquareFit {
  return scheme === "huggingface" ? transformersFit : openClipFit;
}

async function loadClip(options: ClipOptions, { assets, log }: Context): Promise<DualEncoder> {
  const { folder, weights } = await locateCheckpoint(options.weights, assets);
  const file = await openCheckpoint(weights, options.part);
  // What the checkpoint itself has chosen by, is no prefix.
  const part = file.part === undefined ? options.part : undefined;
  const recognizedNames = recognizeNames(weights, file.names, part);
  const { names, prefix } = recognizedNames;
  if (prefix !== "") log(`${weights}: read from its tensors that begin with "${prefix}"`);
  const found = await readConfig(folder, names, assets);
  const recognized = found === undefined ? recognizeActivation(file) : undefined;
  const whole = decideConfig(
    options,
    weights,
    found?.config,
    recognized,
    (activation) => inferConfig(file, names, activation),
  );
  if (found === undefined) {
    log(`${weights}: no configuration beside it; read from the shapes of its tensors`);
    if (recognized !== undefined) {
      log(`${weights}: activation ${recognized.activation}, by ${recognized.evidence}`);
    }
  }
  const { context } = options;
  const config = context === undefined ? whole : withContext(whole, context, weights);
  const parameters = clipParameters(whole, names);
  checkAllAreRead(
    weights,
    file.names,
    recognizedNames,
    new Set(parameters.map(({ name }) => name)),
  );
  const preprocessing = found?.preprocessing ??
    { ...clipNormalization, size: config.image.size, fit: fitOf(names) };
  const table = names.text.position;
  return createClip({
    name: `${options.architecture ?? describe(config)} (${options.weights})`,
    config,
    names,
    tokenizer: await clipTokenizer(tokenizerOf(names, file), assets),
    preprocessing,
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
      const dtype = await writeLikeSource(target, file, names, all);
      // What had to be asked for or recognised need not be a second time.
      if (found === undefined) {
        await writeConfig(target, { config: whole, names, preprocessing, dtype });
      }
    },
  });
}

/** What the files beside the weights say; undefined if there is no configuration. */
async function readConfig(
  folder: string,
  names: ClipNames,
  assets: Assets,
): Promise<ParsedConfig | undefined> {
  const read = async (name: string) => {
    const path = await assets.optionalFile(joinAddress(folder, name));
    return path === undefined ? undefined : { path, text: await readText(path) };
  };
  if (names.scheme === "open_clip") {
    const file = await read("open_clip_config.json");
    return file === undefined ? undefined : parseOpenClipConfig(file.path, file.text);
  }
  const file = await read("config.json");
  if (file === undefined) return undefined;
  const { config } = parseHuggingFaceConfig(file.path, file.text);
  const found: { readonly path: string; readonly preprocessing: Preprocessing }[] = [];
  for (const name of ["processor_config.json", "preprocessor_config.json"]) {
    const file = await read(name);
    if (file === undefined) continue;
    const preprocessing = parsePreprocessor(file.path, file.text, config.image.size);
    if (preprocessing !== undefined) found.push({ path: file.path, preprocessing });
  }
  const [first, second] = found;
  if (first === undefined) return { config };
  if (
    second !== undefined &&
    JSON.stringify(first.preprocessing) !== JSON.stringify(second.preprocessing)
  ) {
    throw new SyntaxError(
      `${first.path} and ${second.path} contradict each other (transformers 5 goes by the first, ` +
        "older versions by the second); remove the one that is wrong",
    );
  }
  return { config, preprocessing: first.preprocessing };
}

/** Tokens of CLIP's vocabulary, the only one whose tokenizer is here. */
const VOCABULARY = 49408;

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
  if (config.text.vocabulary !== VOCABULARY) {
    throw new SyntaxError(
      `${weights}: expected a text tower of CLIP's own vocabulary of ${VOCABULARY} tokens, found one ` +
        `of ${config.text.vocabulary}: it has another tokenizer`,
    );
  }
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
