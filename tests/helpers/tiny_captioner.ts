/**
 * A vision encoder and text decoder in transformers.js' form, small enough to be followed by hand.
 *
 * @module
 */
import { matmul, reshape } from "../../core/graph/linear.ts";
import { add } from "../../core/graph/elementwise.ts";
import { constant, input } from "../../core/graph/node.ts";
import { gather } from "../../core/graph/indexing.ts";
import { mean } from "../../core/graph/reduce.ts";
import { toModel } from "../../core/graph/to_model.ts";

const WORDS = ["<s>", "</s>", "a", "red", "green", "blue", "picture"] as const;
type Word = typeof WORDS[number];

const id = (word: Word): number => WORDS.indexOf(word);

/**
 * Writes the model: of a picture of one colour it says "a red picture", "a green picture" or "a blue
 * picture". The encoder's output is the mean of each channel, from −1 to 1. The decoder adds it to
 * the logits of the three colours, and 10 to those of the words that may follow: after "a" all three
 * colours may, so it is the channel with the largest mean.
 *
 * @param quantized Written as the quantized files, and with the colours the wrong way round.
 */
export async function writeTinyCaptioner(folder: string, quantized = false): Promise<void> {
  const pixels = input("pixel_values", "float32", [1, 3, 8, 8]);
  const hidden = input("encoder_hidden_states", "float32", [1, 1, 3]);
  const ids = input("input_ids", "int64", [1, 1]);
  const key = input("past_key_values.0.key", "float32", [1, 1, 1, 1]);
  const value = input("past_key_values.0.value", "float32", [1, 1, 1, 1]);

  const next: readonly (readonly [Word, Word])[] = [
    ["<s>", "a"],
    ["a", "red"],
    ["a", "green"],
    ["a", "blue"],
    ["red", "picture"],
    ["green", "picture"],
    ["blue", "picture"],
    ["picture", "</s>"],
  ];
  const follows = new Float32Array(WORDS.length ** 2);
  for (const [word, then] of next) follows[id(word) * WORDS.length + id(then)] = 10;
  const colours = new Float32Array(3 * WORDS.length);
  const order: readonly Word[] = quantized ? ["blue", "green", "red"] : ["red", "green", "blue"];
  for (const [channel, colour] of order.entries()) colours[channel * WORDS.length + id(colour)] = 1;

  const logits = add(
    gather(constant(follows, [WORDS.length, WORDS.length]), ids),
    matmul(hidden, constant(colours, [3, WORDS.length])),
  );
  const ending = quantized ? "_quantized" : "";
  await Deno.mkdir(`${folder}/onnx`, { recursive: true });
  await Deno.writeFile(
    `${folder}/onnx/encoder_model${ending}.onnx`,
    toModel({
      inputs: [pixels],
      outputs: { last_hidden_state: reshape(mean(pixels, [2, 3]), [1, 1, 3]) },
    }),
  );
  await Deno.writeFile(
    `${folder}/onnx/decoder_model_merged${ending}.onnx`,
    toModel({
      inputs: [ids, hidden, key, value],
      outputs: { logits, "present.0.key": key, "present.0.value": value },
    }),
  );
  for (const [name, content] of Object.entries(settings())) {
    await Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(content));
  }
}

function settings(): Record<string, unknown> {
  const special = { bos_token_id: id("<s>"), eos_token_id: id("</s>"), pad_token_id: id("</s>") };
  return {
    "config.json": {
      model_type: "vision-encoder-decoder",
      architectures: ["VisionEncoderDecoderModel"],
      is_encoder_decoder: true,
      decoder_start_token_id: id("<s>"),
      ...special,
      encoder: { model_type: "vit" },
      decoder: { model_type: "gpt2", n_head: 1, n_layer: 1, n_embd: 1, vocab_size: WORDS.length },
    },
    "generation_config.json": { decoder_start_token_id: id("<s>"), ...special },
    "preprocessor_config.json": {
      image_processor_type: "ViTImageProcessor",
      do_resize: true,
      size: { height: 8, width: 8 },
      resample: 2,
      do_rescale: true,
      rescale_factor: 1 / 255,
      do_normalize: true,
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
    },
    "tokenizer_config.json": {
      tokenizer_class: "PreTrainedTokenizerFast",
      bos_token: "<s>",
      eos_token: "</s>",
      unk_token: "</s>",
    },
    "tokenizer.json": {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: ["<s>", "</s>"].map((content, i) => ({
        id: i,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: null,
      pre_tokenizer: { type: "Whitespace" },
      post_processor: null,
      decoder: null,
      model: {
        type: "WordLevel",
        vocab: Object.fromEntries(WORDS.map((word, i) => [word, i])),
        unk_token: "</s>",
      },
    },
  };
}
