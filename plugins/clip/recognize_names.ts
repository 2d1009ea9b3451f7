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
  const prefix = choosePart(path, "CLIP", found.map((each) => each.prefix), part);
  return found.find((each) => each.prefix === prefix)!;
}

/**
 * What stands before the names of a model of which the configuration is known.
 *
 * @param markers Names of two parameters, one of each tower.
 * @param part Which model, where there are several: its prefix, with or without the last dot.
 * @throws {SyntaxError} if there is none.
 * @throws {RangeError} if there are several and `part` is none of them, or there is no such part.
 */
export function recognizePrefix(
  path: string,
  tensors: readonly string[],
  { family, markers }: { readonly family: string; readonly markers: readonly [string, string] },
  part?: string,
): string {
  const known = new Set(tensors);
  const prefixes = tensors.filter((name) => name.endsWith(markers[0]))
    .map((name) => name.slice(0, -markers[0].length))
    .filter((prefix) => (prefix === "" || prefix.endsWith(".")) && known.has(prefix + markers[1]));
  if (prefixes.length === 0 || tensors.some((name) => ADAPTER.test(name))) {
    const missing = markers.find((marker) => !tensors.some((name) => name.endsWith(marker)));
    throw new SyntaxError(
      `${path}: expected the tensors of a ${family}, as the configuration beside it says, found ${
        missing === undefined ? describe(tensors) : `none called "${missing}"`
      }`,
    );
  }
  return choosePart(path, family, prefixes, part);
}

function choosePart(
  path: string,
  family: string,
  prefixes: readonly string[],
  part: string | undefined,
): string {
  const named = prefixes.map((prefix) => prefix === "" ? "none" : `"${prefix}"`).join(", ");
  if (part === undefined) {
    if (prefixes.length === 1) return prefixes[0]!;
    throw new RangeError(
      `clip.part: ${path} holds ${prefixes.length} ${family}s, whose tensors begin with ${named}; ` +
        `say which, such as "${prefixes.at(-1)!}"`,
    );
  }
  const chosen = prefixes.find((prefix) => prefix === part || prefix === `${part}.`);
  if (chosen !== undefined) return chosen;
  throw new RangeError(`clip.part: expected ${named} in ${path}, found "${part}"`);
}

const ADAPTER = /\blora_[AB]\b|\blora_(down|up)\b|lora_magnitude_vector|\.dora_scale$/;

/** What people bring that is no CLIP with two transformers, by a tensor that tells it. */
const OTHERS: readonly (readonly [tensor: RegExp, what: string])[] = [
  [
    ADAPTER,
    "an adapter (LoRA), which changes a model and is none; its folder is named as lora:<folder>",
  ],
  [/visual\.layer1\.\d+\.conv1\.weight$/, `a CLIP with a ResNet, such as RN50,${described()}`],
  [/visual\.trunk\./, `a CLIP whose image tower is one of timm's,${described()}`],
  [/visual\.attn_pool\./, `a CoCa or another model that pools by attention,${described()}`],
  [/visual\.blocks\.\d+\./, "an EVA-CLIP under its authors' names, where open_clip's are read"],
  [/vision_model\.head\.attention\./, `a SigLIP,${described()}`],
  [
    /text\.transformer\.(embeddings|encoder)\./,
    `a CLIP with a text tower of Hugging Face's,${described()}`,
  ],
  [/\bq_proj\.(scales|qweight)$|\.absmax$/, "quantised weights"],
];

/** What weights of other towers lack when names alone are looked at. */
function described(): string {
  return " which needs its configuration beside it or clip.architecture";
}

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
const BUFFERS = /(^|\.)(position_ids|attn_mask|causal_mask|num_batches_tracked)$/;

/**
 * Holds that every tensor of the towers is a parameter of the architecture: what is there and not
 * read, such as a normalisation or a block more, would be left out of what is computed.
 *
 * @param prefix What stands before each name.
 * @param parameters The names of the parameters that are read.
 * @throws {SyntaxError} naming the first tensor that is not.
 */
export function checkAllAreRead(
  path: string,
  tensors: readonly string[],
  prefix: string,
  parameters: ReadonlySet<string>,
): void {
  const roots = new Set([...parameters].map((name) => rootOf(name, prefix)));
  for (const name of ["logit_scale", "logit_bias"]) roots.delete(prefix + name);
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
