/**
 * Tokenizers from the files that come with weights.
 *
 * @module
 */
import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { readJson } from "../../core/host/storage/read_json.ts";
import type { Tokenizer } from "../../core/model.ts";
import { type Cleaning, cleanText } from "./clean_text.ts";

/** How texts become ids, beside what the files say. */
export interface FileTokenizerOptions {
  /** What happens to a text first. */
  readonly cleaning: Cleaning;
  /**
   * Whether ids are as many as there are places: for towers in which padding is seen. Otherwise they
   * end with the text.
   */
  readonly full: boolean;
  /** Whether the separator at the end is padding too (CLIPA). Default false. */
  readonly stripSeparator?: boolean;
  /** CLIPS: a start and an end of its own, and the class token as the last of all places. Default false. */
  readonly clips?: boolean;
  /** The id that stands at the end of a text, where the tower looks for it. */
  readonly end?: number | undefined;
  /** The id of padding, where the tower knows it by that. */
  readonly padding?: number | undefined;
}

/** Files on this machine. */
export interface TokenizerFiles {
  /** `tokenizer.json`. */
  readonly tokenizer: string;
  /** `tokenizer_config.json`. */
  readonly config: string;
}

/**
 * The tokenizer of a `tokenizer.json`, as open_clip's `HFTokenizer` or transformers use it: cleaned,
 * cut so that start and end are kept, padded at the end.
 *
 * @throws {SyntaxError} if a file is none of its kind, has no id for padding, or pads at the beginning.
 */
export async function fileTokenizer(
  files: TokenizerFiles,
  options: FileTokenizerOptions,
): Promise<Tokenizer> {
  const rules = await readJson(files.tokenizer);
  const config = await readObject(files.config);
  const fail = (path: string, fault: string): never => {
    throw new SyntaxError(`${path}: ${fault}`);
  };
  if (!isObject(rules) || !isObject(rules.model)) {
    return fail(files.tokenizer, "expected the tokenizer of the library tokenizers, with a model");
  }
  if (config.padding_side === "left" && options.full) {
    return fail(files.config, 'padding_side: expected "right", found "left"');
  }
  const model = open(files.tokenizer, rules, config);
  const idOf = (role: string): number => {
    const token = tokenOf(config[role]);
    const id = token === undefined ? undefined : model.token_to_id(token);
    if (id === undefined) {
      return fail(
        files.config,
        `${role}: expected a token of the vocabulary, found ${JSON.stringify(config[role])}`,
      );
    }
    return id;
  };
  const padding = idOf("pad_token");
  if (options.padding !== undefined && options.padding !== padding) {
    return fail(
      files.config,
      `pad_token: expected the token ${options.padding}, which the text tower takes for padding, found ` +
        `${padding}`,
    );
  }
  const bare = (text: string) =>
    model.encode(cleanText(text, options.cleaning), { add_special_tokens: false }).ids;
  const around = specialsAround(model, files.tokenizer);
  if (options.clips) {
    const [start, end, last] = [idOf("bos_token"), idOf("eos_token"), idOf("cls_token")];
    const replaced = new Map([
      ...around.before.slice(-1).map((id) => [id, start] as const),
      ...around.after.slice(0, 1).map((id) => [id, end] as const),
    ]);
    const own = clipsTokenizer(bare, { padding, start, end, last });
    return { ...own, changes: { replaced, last } };
  }
  const { end } = options;
  if (end !== undefined && around.after.at(-1) !== end) {
    return fail(
      files.tokenizer,
      `expected texts to end with the id ${end}, by which the tower knows their end, found ${
        around.after.at(-1) ?? "none"
      }`,
    );
  }
  const separator = options.stripSeparator ? idOf("sep_token") : undefined;
  return {
    padding,
    ...(separator === undefined ? {} : { changes: { replaced: new Map([[separator, 0]]) } }),
    encode(text, contextLength) {
      const room = roomFor(contextLength, around.before.length + around.after.length);
      const ids = [...around.before, ...bare(text).slice(0, room), ...around.after]
        .map((id) => id === separator ? 0 : id);
      if (options.full) return padded(ids, contextLength, padding);
      // An end written inside a text ends it: the tower takes what stands at the first.
      return end === undefined ? ids : ids.slice(0, ids.indexOf(end) + 1);
    },
  };
}

/**
 * A text as CLIPS reads it: start, at most so many ids that three places are left, end, padding, and
 * the class token in the last place (`_clips_tokenize` of open_clip 3.3).
 */
function clipsTokenizer(
  bare: (text: string) => readonly number[],
  { padding, start, end, last }: {
    readonly padding: number;
    readonly start: number;
    readonly end: number;
    readonly last: number;
  },
): Tokenizer {
  return {
    padding,
    encode(text, contextLength) {
      const ids = [start, ...bare(text).slice(0, roomFor(contextLength, 3)), end];
      return [...padded(ids, contextLength - 1, padding), last];
    },
  };
}

/** The special tokens before and after a text, which the file's post-processor puts there. */
function specialsAround(
  model: HuggingFaceTokenizer,
  path: string,
): { readonly before: readonly number[]; readonly after: readonly number[] } {
  const text = "a";
  const whole = model.encode(text).ids;
  const inner = model.encode(text, { add_special_tokens: false }).ids;
  for (let at = 0; at + inner.length <= whole.length; at++) {
    if (inner.every((id, i) => whole[at + i] === id)) {
      return { before: whole.slice(0, at), after: whole.slice(at + inner.length) };
    }
  }
  throw new SyntaxError(
    `${path}: expected special tokens before or after a text, found [${whole}] for "${text}", ` +
      `whose own ids are [${inner}]`,
  );
}

function open(path: string, rules: object, config: object): HuggingFaceTokenizer {
  try {
    return new HuggingFaceTokenizer(rules, config);
  } catch (cause) {
    throw new SyntaxError(
      `${path}: a tokenizer that cannot be used here: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function roomFor(contextLength: number, special: number): number {
  if (Number.isInteger(contextLength) && contextLength > special) return contextLength - special;
  throw new RangeError(
    `contextLength: expected a whole number above ${special}, found ${contextLength}`,
  );
}

function padded(ids: readonly number[], length: number, padding: number): readonly number[] {
  return [...ids, ...new Array<number>(length - ids.length).fill(padding)];
}

async function readObject(path: string): Promise<Record<string, unknown>> {
  const value = await readJson(path);
  if (isObject(value)) return value;
  throw new SyntaxError(`${path}: expected an object`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A token as configurations write it: itself, or an object with its content. */
function tokenOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return isObject(value) && typeof value.content === "string" ? value.content : undefined;
}
