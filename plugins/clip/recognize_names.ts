/**
 * Where in a checkpoint the tensors of a CLIP are.
 *
 * @module
 */
import {
  type ClipNames,
  customTextNames,
  huggingFaceNames,
  openClipNames,
  withPrefix,
} from "./names.ts";

/** A CLIP that was found. */
export interface RecognizedNames {
  /** The names of its parameters, as they stand in the checkpoint. */
  readonly names: ClipNames;
  /** What stands before each, `""` or `"clip."`. */
  readonly prefix: string;
}

/**
 * The names of a checkpoint's parameters, by the tensors it has. They may stand under a prefix, beside
 * others: `clip.` or `clip_model.` in a larger model, `model.` or `module.` in a wrapper.
 *
 * @param part Which CLIP, where there are several: its prefix, with or without the last dot.
 * @throws {SyntaxError} if there is none, saying what there is instead.
 * @throws {RangeError} if there are several and `part` is none of them, or there is no such part.
 */
export function recognizeNames(
  path: string,
  tensors: readonly string[],
  part?: string,
): RecognizedNames {
  const known = new Set(tensors);
  const found: RecognizedNames[] = [];
  for (const names of [openClipNames, customTextNames, huggingFaceNames]) {
    for (const tensor of tensors) {
      if (!tensor.endsWith(names.text.token)) continue;
      const prefix = tensor.slice(0, -names.text.token.length);
      if (prefix !== "" && !prefix.endsWith(".")) continue;
      if (!known.has(prefix + names.image.classEmbedding)) continue;
      found.push({ names: withPrefix(names, prefix), prefix });
    }
  }
  const adapted = tensors.some((name) => ADAPTER.test(name));
  if (found.length === 0 || adapted) throw new SyntaxError(`${path}: ${describe(tensors)}`);
  const named = found.map(({ prefix }) => prefix === "" ? "none" : `"${prefix}"`).join(", ");
  if (part === undefined) {
    if (found.length === 1) return found[0]!;
    throw new RangeError(
      `clip.part: ${path} holds ${found.length} CLIPs, whose tensors begin with ${named}; say which, ` +
        `such as "${found.at(-1)!.prefix}"`,
    );
  }
  const chosen = found.find(({ prefix }) => prefix === part || prefix === `${part}.`);
  if (chosen !== undefined) return chosen;
  throw new RangeError(`clip.part: expected ${named} in ${path}, found "${part}"`);
}

const ADAPTER = /\blora_[AB]\b|\blora_(down|up)\b|lora_magnitude_vector|\.dora_scale$/;

/** What people bring that is no CLIP with two transformers, by a tensor that tells it. */
const OTHERS: readonly (readonly [tensor: RegExp, what: string])[] = [
  [
    ADAPTER,
    "an adapter (LoRA), which changes a model and is none; merge it into its base model first",
  ],
  [/visual\.layer1\.\d+\.conv1\.weight$/, "a CLIP with a ResNet as its image tower, such as RN50"],
  [/visual\.trunk\./, "a CLIP whose image tower is one of timm's"],
  [/visual\.attn_pool\./, "a CoCa or another model that pools by attention"],
  [/visual\.blocks\.\d+\./, "an EVA-CLIP"],
  [/vision_model\.head\.attention\./, "a SigLIP"],
  [/text\.transformer\.(embeddings|encoder)\./, "a CLIP whose text tower is Hugging Face's"],
  [/\bq_proj\.(scales|qweight)$|\.absmax$/, "quantised weights"],
];

function describe(tensors: readonly string[]): string {
  for (const [pattern, what] of OTHERS) {
    const tensor = tensors.find((name) => pattern.test(name));
    if (tensor === undefined) continue;
    return `expected a CLIP of two transformers, found ${what} (by its tensor "${tensor}")`;
  }
  const has = ({ text, image }: ClipNames) => [
    tensors.some((name) => name.endsWith(text.token)),
    tensors.some((name) => name.endsWith(image.classEmbedding)),
  ];
  for (const names of [openClipNames, huggingFaceNames]) {
    const [text, image] = has(names);
    if (text === image) continue;
    return `expected both towers of a CLIP, found only the ${text ? "text" : "image"} tower, no "${
      text ? names.image.classEmbedding : names.text.token
    }"`;
  }
  return `expected the tensors of a CLIP ("${openClipNames.text.token}" or ` +
    `"${huggingFaceNames.text.token}"), found ${tensors.length} others, such as "${tensors[0]}"`;
}

/** Tensors of the towers that hold no values of their own: places, masks and facts. */
const BUFFERS = /(^|\.)(position_ids|attn_mask|causal_mask)$/;

/**
 * Holds that every tensor of the towers is a parameter of the architecture: what is there and not
 * read, such as a normalisation or a block more, would be left out of what is computed.
 *
 * @param parameters The names of the parameters that are read.
 * @throws {SyntaxError} naming the first tensor that is not.
 */
export function checkAllAreRead(
  path: string,
  tensors: readonly string[],
  { names, prefix }: RecognizedNames,
  parameters: ReadonlySet<string>,
): void {
  const roots = new Set([...parameters].map((name) => rootOf(name, prefix)));
  roots.delete(names.logitScale);
  const unread = tensors.filter((name) =>
    name.startsWith(prefix) && roots.has(rootOf(name, prefix)) && !parameters.has(name) &&
    !BUFFERS.test(name)
  );
  if (unread.length === 0) return;
  throw new SyntaxError(
    `${path}: expected only tensors that the architecture has, found ${unread.length} others in its ` +
      `towers, such as "${unread[0]}"; with these left out, embeddings would be wrong`,
  );
}

/** `visual` of `visual.conv1.weight`, with the prefix: what all tensors of a tower begin with. */
function rootOf(name: string, prefix: string): string {
  return prefix + name.slice(prefix.length).split(".")[0]!;
}
