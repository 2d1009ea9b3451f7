import { matmul } from "../../../core/graph/linear.ts";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { expect } from "expect";
import { createRandom } from "../../../core/random.ts";
import { constant, input, ones } from "../../../core/graph/node.ts";
import { gather } from "../../../core/graph/indexing.ts";
import { toModel } from "../../../core/graph/to_model.ts";
import { maskedLm, type MaskedLmOptions } from "../../../plugins/language/masked_lm.ts";
import type { TaggedToken } from "../../../plugins/language/tagger.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const WORDS = [
  "[UNK]",
  "[PAD]",
  "[MASK]",
  "a",
  "sleeps",
  "runs",
  "##ing",
  "dog",
  "dogs",
  "hound",
  "cat",
  "horse",
] as const;

/**
 * What the model says of the masked word: the sum over the sentence's words of these, 0 for the rest.
 * "dog" and "hound" have a meaning in common in WordNet ("cad, bounder, blackguard, dog, hound,
 * heel"), "dogs" is a form of the word, and "##ing" is a piece of one.
 */
const SCORES: Readonly<Partial<Record<string, Readonly<Partial<Record<string, number>>>>>> = {
  sleeps: { "##ing": 7, dog: 6, dogs: 5.5, cat: 5, hound: 4.5, horse: 3 },
  runs: { dog: 6, dogs: 5, "##ing": 4, hound: 3, cat: 2 },
};

/** A masked language model for sentences of three words, that looks at which words there are. */
function model(): Uint8Array {
  const scores = WORDS.flatMap((word) => WORDS.map((other) => SCORES[word]?.[other] ?? 0));
  const ids = input("input_ids", "int64", [1, 3]);
  const rows = gather(constant(scores, [WORDS.length, WORDS.length]), ids);
  return toModel({ inputs: [ids], outputs: { logits: matmul(ones([1, 3, 3]), rows) } });
}

const files: Readonly<Record<string, Uint8Array | object>> = {
  "config.json": { model_type: "bert", architectures: ["BertForMaskedLM"] },
  "tokenizer_config.json": {
    tokenizer_class: "BertTokenizer",
    mask_token: "[MASK]",
    pad_token: "[PAD]",
    unk_token: "[UNK]",
  },
  "tokenizer.json": {
    version: "1.0",
    added_tokens: ["[UNK]", "[PAD]", "[MASK]"].map((content, id) => ({
      id,
      content,
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    })),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: null,
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
    },
  },
  "onnx/model.onnx": model(),
};

async function put(folder: string, names: readonly string[]): Promise<void> {
  await Deno.mkdir(`${folder}/onnx`, { recursive: true });
  for (const name of names) {
    const content = files[name]!;
    const bytes = content instanceof Uint8Array
      ? content
      : new TextEncoder().encode(JSON.stringify(content));
    await Deno.writeFile(`${folder}/${name}`, bytes);
  }
}

/** The second word of a sentence of three, in a sentence of nouns. */
function tokensOf(sentence: string): TaggedToken[] {
  return [...sentence.matchAll(/\S+/g)].map(({ 0: text, index }) => ({
    text,
    tag: "NOUN",
    start: index,
    end: index + text.length,
  }));
}

const neverFetch = () => Promise.reject(new Error("a server was asked"));
const log = () => {};
const random = createRandom(0);

Deno.test("maskedLm: the model's best words, less pieces, forms of the word and synonyms", () =>
  withFolder(async (folder) => {
    await put(folder, Object.keys(files));
    const context = { assets: createAssets({ cache: folder, fetch: neverFetch }), log };
    const proposer = await maskedLm({ model: folder, top: 6 }).prepare!(context);
    const sentence = "a Dog sleeps";
    const proposals = await proposer.propose(sentence, tokensOf(sentence), 1, random);
    expect(proposals.map(({ word }) => word)).toEqual(["Cat", "Horse"]);
    // Probabilities: a softmax over the scores, of which 6 are 0.
    const total = [7, 6, 5.5, 5, 4.5, 3].reduce((sum, score) => sum + Math.exp(score), 6);
    expect(proposals[0]!.weight).toBeCloseTo(Math.exp(5) / total, 5);
    expect(proposals[1]!.weight).toBeCloseTo(Math.exp(3) / total, 5);
    // Remembered, and nothing for a word that is not there.
    expect(await proposer.propose(sentence, tokensOf(sentence), 1, random)).toBe(proposals);
    expect(await proposer.propose(sentence, tokensOf(sentence), 3, random)).toEqual([]);
    // A mask of the sentence's own would be taken for the word's.
    const masked = "[MASK] dog sleeps";
    expect(await proposer.propose(masked, tokensOf(masked), 1, random)).toEqual([]);
    // The mask that is to be filled may be there already.
    const own = "a [MASK] sleeps";
    expect((await proposer.propose(own, tokensOf(own), 1, random)).map(({ word }) => word))
      // In the mask's own casing.
      .toEqual(["DOG", "DOGS", "CAT", "HOUND", "HORSE"]);
  }));

Deno.test("maskedLm: two places that begin together are two places", () =>
  withFolder(async (folder) => {
    await put(folder, Object.keys(files));
    const context = { assets: createAssets({ cache: folder, fetch: neverFetch }), log };
    const proposer = await maskedLm({ model: folder, top: 6 }).prepare!(context);
    const sentence = "a dogs sleeps";
    const tokens = tokensOf(sentence);
    const whole = await proposer.propose(sentence, tokens, 1, random);
    // Only "dog" of "dogs": the model reads "a [MASK]s sleeps", four words, which it does not take.
    const part = tokens.with(1, { ...tokens[1]!, text: "dog", end: tokens[1]!.end - 1 });
    await expect(proposer.propose(sentence, part, 1, random)).rejects.toThrow();
    expect(await proposer.propose(sentence, tokens, 1, random)).toBe(whole);
  }));

Deno.test("maskedLm: unfiltered, whatever the model has, as CE-CLIP's released code takes it", () =>
  withFolder(async (folder) => {
    await put(folder, Object.keys(files));
    const context = { assets: createAssets({ cache: folder, fetch: neverFetch }), log };
    const words = async (options: MaskedLmOptions, sentence: string) => {
      const proposer = await maskedLm({ model: folder, ...options }).prepare!(context);
      return (await proposer.propose(sentence, tokensOf(sentence), 1, random))
        .map(({ word }) => word);
    };
    // Pieces, the word itself, its forms and its synonyms, in the model's casing.
    expect(await words({ filter: false }, "a Dog sleeps"))
      .toEqual(["##ing", "dog", "dogs", "cat", "hound"]);
    // The fourth of them: "hound", which says what "dog" says, or is the word itself.
    expect(await words({ preset: "released" }, "a dog runs")).toEqual(["hound"]);
    expect(await words({ preset: "released" }, "a Hound runs")).toEqual(["hound"]);
    expect(await words({ preset: "released", filter: true }, "a Hound runs")).toEqual([]);
  }));

Deno.test("maskedLm: the fourth best alone, if it may be proposed", () =>
  withFolder(async (folder) => {
    await put(folder, Object.keys(files));
    const context = { assets: createAssets({ cache: folder, fetch: neverFetch }), log };
    const proposer = await maskedLm({ model: folder, pick: "fourth" }).prepare!(context);
    const words = async (sentence: string) =>
      (await proposer.propose(sentence, tokensOf(sentence), 1, random)).map(({ word }) => word);
    // After "##ing", "dog" and "dogs".
    expect(await words("a dog sleeps")).toEqual(["cat"]);
    // After "dog", "dogs" and "##ing": "hound".
    expect(await words("a dog runs")).toEqual([]);
  }));

Deno.test("maskedLm: a repository's files may lie in two places", () =>
  withFolder(async (folder) => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const snapshot = `${folder}/hub/models--o--r/snapshots/${commit}`;
    const [config, ...others] = Object.keys(files);
    await put(`${folder}/cache/hf/o/r/main`, others);
    await put(snapshot, [config!]);
    await Deno.mkdir(`${folder}/hub/models--o--r/refs`);
    await Deno.writeTextFile(`${folder}/hub/models--o--r/refs/main`, commit);
    const assets = createAssets({
      cache: `${folder}/cache`,
      hubCache: `${folder}/hub`,
      fetch: neverFetch,
    });
    const lines: string[] = [];
    const proposer = await maskedLm({ model: "hf:o/r" }).prepare!({
      assets,
      log: (line) => lines.push(line),
    });
    expect(lines).toEqual(["maskedLm: loading hf:o/r"]);
    const sentence = "a horse sleeps";
    const [best] = await proposer.propose(sentence, tokensOf(sentence), 1, random);
    expect(best!.word).toBe("dog");
  }));

Deno.test("maskedLm: files that cannot be had, and one that is not prepared", () =>
  withFolder(async (folder) => {
    const assets = createAssets({ cache: folder, offline: true, fetch: neverFetch });
    const proposer = maskedLm();
    expect(proposer.options).toEqual({
      model: "hf:Xenova/distilroberta-base",
      dtype: "fp32",
      top: 5,
      preset: "strict",
      pick: "weighted",
      filter: true,
      cache: 20_000,
    });
    await expect(proposer.prepare!({ assets, log })).rejects.toThrow("config.json");
    await expect(proposer.propose("a dog", tokensOf("a dog"), 1, random)).rejects.toThrow(
      TypeError,
    );
  }));

Deno.test("maskedLm: refuses options that do not fit", () => {
  expect(() => maskedLm(JSON.parse('{"modle": "x"}'))).toThrow('did you mean "model"?');
  expect(() => maskedLm({ pick: "fourth", top: 3 })).toThrow("maskedLm.top: expected at least 4");
  expect(() => maskedLm({ preset: "released", top: 3 })).toThrow("expected at least 4");
  expect(maskedLm({ top: 3 }).with({ top: 8 }).options.top).toBe(8);
  expect(maskedLm().with({ preset: "released" }).options)
    .toMatchObject({ pick: "fourth", filter: false });
  expect(maskedLm({ filter: true }).with({ preset: "released" }).options)
    .toMatchObject({ pick: "fourth", filter: true });
});
