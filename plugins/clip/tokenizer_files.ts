import { z } from "zod";
import type { Assets } from "../../core/assets.ts";
import { writeFileAtomically } from "../../core/host/storage/atomic_file.ts";
import { readJson } from "../../core/host/storage/read_json.ts";
import { byteIds, readMerges } from "./byte_pairs.ts";
import type { Cleaning } from "./clean_text.ts";
import type { TokenizerFiles } from "./file_tokenizer.ts";
import type { TokenizerChoice } from "./tokenizer_choice.ts";

const [START, END] = ["<|startoftext|>", "<|endoftext|>"];

/**
 * Writes CLIP's tokenizer as transformers and transformers.js read it: `tokenizer.json` and
 * `tokenizer_config.json`.
 *
 * @param context The most tokens of a text.
 */
export async function writeClipTokenizer(
  folder: string,
  context: number,
  assets: Assets,
): Promise<void> {
  const merges = await readMerges(assets);
  const vocabulary = byteIds();
  for (const merge of merges) vocabulary.set(merge.replace(" ", ""), vocabulary.size);
  const [start, end] = [vocabulary.size, vocabulary.size + 1];
  vocabulary.set(START, start).set(END, end);
  const added = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  const rules = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [
      { id: start, content: START, ...added, special: true },
      { id: end, content: END, ...added, special: true },
    ],
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "NFC" },
        { type: "Replace", pattern: { Regex: "\\s+" }, content: " " },
        { type: "Lowercase" },
      ],
    },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        {
          type: "Split",
          pattern: {
            Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
          },
          behavior: "Removed",
          invert: true,
        },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: {
      type: "RobertaProcessing",
      sep: [END, end],
      cls: [START, start],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: END,
      continuing_subword_prefix: "",
      end_of_word_suffix: "</w>",
      fuse_unk: false,
      vocab: Object.fromEntries(vocabulary),
      merges,
    },
  };
  const config = {
    tokenizer_class: "CLIPTokenizer",
    model_max_length: context,
    bos_token: START,
    eos_token: END,
    pad_token: END,
    unk_token: END,
  };
  await writeFileAtomically(`${folder}/tokenizer.json`, `${JSON.stringify(rules)}\n`);
  await writeFileAtomically(
    `${folder}/tokenizer_config.json`,
    `${JSON.stringify(config, null, 2)}\n`,
  );
}

/**
 * Writes a tokenizer of files as programs use it that go by `tokenizer.json` alone: what happens to texts
 * before it, where the rules can say it, is the first of its normalisers. What they cannot say is the
 * repair of broken encodings and of HTML's entities, which open_clip begins with.
 *
 * @param context The most tokens of a text.
 */
export async function writeFileTokenizer(
  folder: string,
  files: TokenizerFiles,
  choice: TokenizerChoice,
  context: number,
): Promise<void> {
  const rules = z.looseObject({ normalizer: z.unknown() }).parse(await readJson(files.tokenizer));
  const own = rules.normalizer === null || rules.normalizer === undefined ? [] : [rules.normalizer];
  const normalizers = [...(choice.kind === "file" ? CLEANINGS[choice.cleaning] : []), ...own];
  const whole = { ...rules, normalizer: { type: "Sequence", normalizers } };
  await writeFileAtomically(`${folder}/tokenizer.json`, `${JSON.stringify(whole)}\n`);
  const config = z.looseObject({}).parse(await readJson(files.config));
  // CLIPS's last token is none of a text.
  const longest = context - (choice.kind === "file" && choice.clips ? 1 : 0);
  await writeFileAtomically(
    `${folder}/tokenizer_config.json`,
    `${JSON.stringify({ ...config, model_max_length: longest }, null, 2)}\n`,
  );
}

const replace = (pattern: string, content: string) => ({
  ...{ type: "Replace", pattern: { Regex: pattern }, content },
});
const SMALL = { type: "Lowercase" };
const JOINED = [
  replace("[\\s\\x1c-\\x1f]+", " "),
  { type: "Strip", strip_left: true, strip_right: true },
];
/** Python's `string.punctuation`, as a class that Onigmo and JavaScript read alike. */
const WITHOUT_MARKS = replace("[!-/:-@\\[-`{-~]", "");

/** {@linkcode cleanText} as normalisers. */
const CLEANINGS: Readonly<Record<Cleaning, readonly object[]>> = {
  whitespace: JOINED,
  lower: [...JOINED, SMALL],
  canonicalize: [replace("_", " "), WITHOUT_MARKS, SMALL, ...JOINED],
  siglip: [SMALL, WITHOUT_MARKS, JOINED[1]!],
  small: [SMALL],
  none: [],
};
