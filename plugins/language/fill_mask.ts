import { importLater } from "../../core/import_later.ts";
import { dirname, join, resolve } from "node:path";
import type { PrepareContext } from "../../core/prepare_context.ts";
import { joinAddress } from "../../core/host/assets/address.ts";

/** What a masked language model puts in a place of a sentence. */
export interface Filling {
  /** The model's token in its own casing, without the space before it. */
  readonly text: string;
  /** Whether it is a word of its own there, no mark and no piece of a word. */
  readonly isWord: boolean;
  /** How likely the model finds it, in (0, 1]. */
  readonly probability: number;
}

/** The `count` likeliest fillings of the span of a sentence, the likeliest first. */
export type FillMask = (
  sentence: string,
  span: { readonly start: number; readonly end: number },
  count: number,
) => Promise<readonly Filling[]>;

/** A name in `onnx/` for each of the types of weights. */
const WEIGHTS: Readonly<Record<"fp32" | "q8", string>> = {
  fp32: "onnx/model.onnx",
  q8: "onnx/model_quantized.onnx",
};

/**
 * Opens a masked language model.
 *
 * @param model A folder, or the address of one.
 * @throws {AssetError} if a file of it cannot be had.
 */
export async function openFillMask(
  model: string,
  dtype: "fp32" | "q8",
  { assets, log }: Pick<PrepareContext, "assets" | "log">,
): Promise<FillMask> {
  const names = ["config.json", "tokenizer.json", "tokenizer_config.json", WEIGHTS[dtype]];
  const paths = new Map<string, string>();
  for (const name of names) paths.set(name, resolve(await assets.file(joinAddress(model, name))));
  const { pipeline } = await importLater<typeof import("./transformers.ts")>(
    "./transformers.ts",
    import.meta.url,
  );
  log(`maskedLm: loading ${model}`);
  const fill = await inOneFolder(
    paths,
    (folder) => pipeline("fill-mask", folder, { dtype, local_files_only: true }),
  );
  const { tokenizer } = fill;
  const mask = tokenizer.mask_token;
  if (mask === undefined || mask === null) {
    throw new SyntaxError(`${paths.get("tokenizer_config.json")}: expected a "mask_token"`);
  }
  const idsOf = (text: string): number[] => tokenizer.encode(text);

  return async (sentence, { start, end }, count) => {
    const put = (word: string) => sentence.slice(0, start) + word + sentence.slice(end);
    // A mask of the sentence's own would be taken for the span's.
    if (put(" ").includes(mask)) return [];
    const masked = put(mask);
    const ids = idsOf(masked);
    // The pipeline would cut off the mask.
    if (ids.length > tokenizer.model_max_length) return [];
    const place = ids.indexOf(tokenizer.mask_token_id);
    const answers = await fill(masked, { top_k: count });
    return answers.map(({ score, token, token_str }) => {
      const text = token_str.trim();
      // A token is a word of the sentence if the sentence with the word has the token in that place;
      // a piece of a word, put there, is read otherwise.
      const isWord = /^\p{L}[\p{L}\p{N}'-]*$/u.test(text) &&
        isEqual(idsOf(put(text)), ids.with(place, token));
      return { text, isWord, probability: score };
    });
  };
}

/**
 * Runs `load` on a folder that has all files under their names. They may lie in several: what other
 * tools have downloaded is used where it lies.
 */
async function inOneFolder<T>(
  paths: ReadonlyMap<string, string>,
  load: (folder: string) => Promise<T>,
): Promise<T> {
  const folders = new Set([...paths].map(([name, path]) => path.slice(0, -name.length)));
  const [only] = folders;
  if (folders.size === 1 && [...paths].every(([name, path]) => path === join(only!, name))) {
    return await load(only!);
  }
  const folder = await Deno.makeTempDir({ prefix: "syntagma-masked-lm-" });
  try {
    for (const [name, path] of paths) {
      await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
      await Deno.symlink(path, join(folder, name));
    }
    return await load(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
