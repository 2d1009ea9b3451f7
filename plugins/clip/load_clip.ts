import type { Context } from "../../core/context.ts";
import type { TensorFile } from "../../core/host/storage/tensor_file.ts";
import type { DualEncoder } from "../../core/model.ts";
import { recognizeActivation, type RecognizedActivation } from "./activation.ts";
import type { ClipOptions } from "./clip_options.ts";
import { architecture, type ClipConfig, type PlainArchitecture } from "./config.ts";
import { cutTable, restoreTable, withContext } from "./context.ts";
import { createClip } from "./dual_encoder.ts";
import { writeDescription } from "./describe_model.ts";
import { inferConfig } from "./infer_config.ts";
import { fitOf, tokenizerOf } from "./layout_habits.ts";
import { clipNormalization } from "./normalization.ts";
import { clipParameters, onlyNamed } from "./parameters.ts";
import type { ParsedConfig } from "./parse_config.ts";
import { checkAllAreRead, recognizeNames } from "./recognize_names.ts";
import { clipTokenizer } from "./tokenizer.ts";
import { readWeights } from "./read_weights.ts";
import { writeClipTokenizer } from "./tokenizer_files.ts";
import { copyCompanions, writeConfig, writeLikeSource } from "./weights.ts";

/** What a person can say of a CLIP. */
type PlainOptions = Omit<ClipOptions, "architecture"> & {
  readonly architecture?: PlainArchitecture;
};

/**
 * A CLIP with the values of its parameters from a file.
 *
 * @param weights The file's path.
 * @param found What its configuration says, where it has one.
 * @throws {SyntaxError | RangeError} if the file is of another model, or an option contradicts it.
 */
export async function loadClip(
  options: PlainOptions,
  { weights, file, part, found }: {
    readonly weights: string;
    readonly file: TensorFile;
    readonly part: string | undefined;
    readonly found: ParsedConfig | undefined;
  },
  { assets, log }: Pick<Context, "assets" | "log">,
): Promise<DualEncoder> {
  const recognizedNames = recognizeNames(weights, file.names, part);
  const { names, prefix } = recognizedNames;
  if (prefix !== "") log(`${weights}: read from its tensors that begin with "${prefix}"`);
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
    prefix,
    new Set(parameters.map(({ name }) => name)),
  );
  const preprocessing = found?.preprocessing ??
    { ...clipNormalization, size: config.image.size, fit: fitOf(names) };
  const table = names.text.position;
  const clip = createClip({
    name: `${options.architecture ?? describe(config)} (${options.weights})`,
    config,
    names,
    tokenizer: await clipTokenizer(tokenizerOf(names, file), assets),
    preprocessing,
    async read(wanted) {
      const values = await readWeights(file, onlyNamed(parameters, wanted));
      return context === undefined || !values.has(table)
        ? values
        : cutTable(values, table, context);
    },
    async write(target, values) {
      let all = values;
      if (context !== undefined) {
        const positions = (await readWeights(file, onlyNamed(parameters, [table]))).get(table)!;
        all = restoreTable(values, table, positions);
      }
      const dtype = await writeLikeSource(target, file, names.scheme, all);
      // What had to be asked for or recognised need not be a second time.
      if (found === undefined) {
        await writeConfig(target, { config: whole, names, preprocessing, dtype });
      }
    },
  });
  return {
    ...clip,
    async describe(target) {
      if (names.scheme === "huggingface") {
        await writeConfig(target, { config, names, preprocessing, dtype: "float32" });
        await copyCompanions(target, file, "float32");
      } else {
        await writeDescription(target, { ...clip, config });
      }
      await writeClipTokenizer(target, config.text.context, assets);
    },
  };
}

/** Tokens of CLIP's vocabulary, the only one whose tokenizer is here. */
const VOCABULARY = 49408;

/** The configuration file's word counts; what the options say must agree with it. */
function decideConfig(
  { architecture: expected, activation, context }: PlainOptions,
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
