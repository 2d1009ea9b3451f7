import type { Assets } from "../../core/assets.ts";
import { writeFileAtomically } from "../../core/host/storage/atomic_file.ts";
import { byteIds, readMerges } from "./byte_pairs.ts";

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
