/**
 * Models of other families than CLIP's own: from their parts to what training works with.
 *
 * @module
 */
import { writeFileAtomically } from "../../core/host/storage/atomic_file.ts";
import { writeSafetensors } from "../../core/host/storage/safetensors_writer.ts";
import type { TensorFile } from "../../core/host/storage/tensor_file.ts";
import type { Context } from "../../core/context.ts";
import type { JsonObject } from "../../core/component.ts";
import type { DualEncoder, Tokenizer } from "../../core/model.ts";
import type { ArchitectureName, FamilyArchitecture } from "./architecture_name.ts";
import { familyConfiguration, familyParts, isFamilyArchitecture } from "./family_architectures.ts";
import { writeDescription } from "./describe_model.ts";
import { familyInitialValues } from "./family_initial_values.ts";
import type { TokenizerFiles } from "./file_tokenizer.ts";
import { type ModelParts, withPrefixedNames } from "./model_parts.ts";
import { onlyNamed, parameterList } from "./parameters.ts";
import { checkAllAreRead, recognizePrefix } from "./recognize_names.ts";
import { rehearsalTokenizer } from "./rehearsal_tokenizer.ts";
import { findTokenizer } from "./tokenizer_choice.ts";
import { writeClipTokenizer, writeFileTokenizer } from "./tokenizer_files.ts";
import { readWeights } from "./read_weights.ts";
import { tensorOf } from "./tensor_of.ts";
import { copyCompanions, writeLikeSource } from "./weights.ts";

/** What {@linkcode loadParts} needs. */
export interface LoadPartsOptions {
  /** The weights, as a person named them. */
  readonly weights: string;
  /** The address of the weights' folder. */
  readonly folder: string;
  readonly file: TensorFile;
  /** Which of several models in the file. */
  readonly part?: string | undefined;
  /** What the weights are expected to be. */
  readonly architecture?: ArchitectureName | undefined;
  /** The configuration, where none stands beside the weights. */
  readonly configuration?: JsonObject | undefined;
}

/**
 * A model whose towers are known, with the values of its parameters from a file.
 *
 * @throws {SyntaxError | RangeError} if the file is of another model, or there is no tokenizer.
 */
export async function loadParts(
  described: ModelParts,
  { weights, folder, file, part, architecture, configuration }: LoadPartsOptions,
  { assets, log }: Pick<Context, "assets" | "log">,
): Promise<DualEncoder> {
  checkArchitecture(described, weights, architecture);
  const { family } = described;
  const markers = [described.image.shapes[0]![0], described.text.shapes[0]![0]] as const;
  const prefix = recognizePrefix(file.path, file.names, { family, markers }, part);
  if (prefix !== "") log(`${weights}: read from its tensors that begin with "${prefix}"`);
  const parts = withPrefixedNames(described, prefix);
  const found = await findTokenizer(parts.tokenizer, folder, assets);
  const model = createParts(parts, `${family} (${weights})`, found.tokenizer);
  const names = new Set(model.parameters.map(({ name }) => name));
  checkAllAreRead(file.path, file.names, prefix, names);
  const describe = async (target: string) => {
    if (isHuggingFace(described)) await copyCompanions(target, file, "float32");
    else await writeDescription(target, model);
    if (found.files === undefined) {
      await writeClipTokenizer(target, model.text.contextLength, assets);
    } else {
      await writeFileTokenizer(target, found.files, parts.tokenizer, model.text.contextLength);
    }
  };
  return {
    ...model,
    read: (wanted) => readWeights(file, onlyNamed(model.parameters, wanted)),
    async write(target, values) {
      const scheme = isHuggingFace(described) ? "huggingface" : "open_clip";
      await writeLikeSource(target, file, scheme, values);
      if (configuration !== undefined) await writeOpenClipConfig(target, configuration);
      if (found.files !== undefined) await copyTokenizer(target, found.files);
    },
    // A tower that sees padding of CLIP's own tokenizer would see another where other programs pad.
    ...(parts.tokenizer.kind === "clip" && parts.tokenizer.full ? {} : { describe }),
  };
}

/** A model of a known architecture with random weights, for dry runs. */
export function generateParts(name: FamilyArchitecture, seed: number): DualEncoder {
  const parts = familyParts(name);
  const { contextLength, vocabulary } = parts.text.tower;
  const length = parts.tokenizer.full ? contextLength : undefined;
  const padding = parts.tokenizer.kind === "file" ? parts.tokenizer.padding : undefined;
  const tokenizer = rehearsalTokenizer({ vocabulary, length, padding });
  const model = createParts(parts, `${name} (random weights, seed ${seed})`, tokenizer);
  return {
    ...model,
    read: (wanted) => Promise.resolve(familyInitialValues(model.parameters, seed, wanted)),
    async write(folder, values) {
      await Deno.mkdir(folder, { recursive: true });
      await writeSafetensors(
        `${folder}/open_clip_model.safetensors`,
        [...values].map(([name, value]) => tensorOf(name, value)),
        { format: "pt" },
      );
      await writeOpenClipConfig(folder, familyConfiguration(name));
    },
  };
}

function createParts(
  { dim, image, text, preprocessing, logitScale, logitBias }: ModelParts,
  name: string,
  tokenizer: Tokenizer,
): Omit<DualEncoder, "read" | "write"> {
  return {
    name,
    dim,
    image: image.tower,
    text: text.tower,
    tokenizer,
    preprocessing,
    parameters: parameterList({ image: image.shapes, text: text.shapes, logitScale, logitBias }),
    logitScale,
    ...(logitBias === undefined ? {} : { logitBias }),
  };
}

function isHuggingFace({ image }: ModelParts): boolean {
  return image.shapes[0]![0].startsWith("vision_model.");
}

/** Holds that weights are what a person expects, by the shapes of their parameters. */
function checkArchitecture(
  { family, image, text }: ModelParts,
  weights: string,
  name: ArchitectureName | undefined,
): void {
  if (name === undefined) return;
  const expected = isFamilyArchitecture(name) ? familyParts(name) : undefined;
  const shapesOf = ({ image, text }: Pick<ModelParts, "image" | "text">) =>
    [...image.shapes, ...text.shapes].map(([, shape]) => shape.join("x")).toSorted().join(" ");
  if (
    expected !== undefined && family === expected.family &&
    shapesOf({ image, text }) === shapesOf(expected)
  ) return;
  throw new RangeError(
    `clip.architecture: ${weights} is no ${name}: by its configuration it is a ${family}, pictures of ` +
      `${image.tower.size} pixels, texts of ${text.tower.contextLength} tokens`,
  );
}

async function writeOpenClipConfig(folder: string, configuration: JsonObject): Promise<void> {
  const text = `${JSON.stringify(configuration, null, 2)}\n`;
  await writeFileAtomically(`${folder}/open_clip_config.json`, text);
}

async function copyTokenizer(folder: string, files: TokenizerFiles): Promise<void> {
  const bytes = { "tokenizer.json": files.tokenizer, "tokenizer_config.json": files.config };
  for (const [name, path] of Object.entries(bytes)) {
    await writeFileAtomically(`${folder}/${name}`, await Deno.readFile(path));
  }
}
