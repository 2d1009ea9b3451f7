/**
 * Decoders of other language models, which say of a state how likely it makes a text.
 *
 * @module
 */
import { z } from "zod";
import type { Assets } from "../../core/assets.ts";
import { cast } from "../../core/graph/cast.ts";
import { less, not } from "../../core/graph/comparison.ts";
import { add, maximum, mul, sub } from "../../core/graph/elementwise.ts";
import { gatherElements } from "../../core/graph/element_indexing.ts";
import { reshape } from "../../core/graph/linear.ts";
import { constant, ones } from "../../core/graph/node.ts";
import { concat, slice } from "../../core/graph/shape.ts";
import { logSumExp } from "../../core/graph/softmax.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { joinAddress } from "../../core/host/assets/address.ts";
import { readJson } from "../../core/host/storage/read_json.ts";
import type { LossParameter, TextReader } from "../../core/loss.ts";
import { findTokenizer } from "../clip/tokenizer_choice.ts";
import { openFrozenGraph } from "./frozen_graph.ts";

/** A frozen decoder of texts. */
export interface FrozenDecoder {
  /** Its values, for the loss that owns them, none of them trained. */
  readonly parameters: Readonly<Record<string, LossParameter>>;
  /** Length of the state that it looks at. */
  readonly width: number;
  /** Reads texts by its own tokenizer. */
  readonly reader: TextReader;
  /**
   * What each token of a text costs after those before it, `−log p`, for a state that the decoder
   * attends to as if it were all that an encoder had said.
   *
   * @param state `[texts, width]`.
   * @param ids `[texts, tokens]` int64, −1 behind the end of a text.
   * @returns `costs` and `counted`, `[texts, tokens]`; `counted` is 1 where there is a token, else 0.
   */
  costs(
    state: Tensor,
    ids: Tensor,
    parameters: Readonly<Record<string, Tensor>>,
  ): { readonly costs: Tensor; readonly counted: Tensor };
}

const GRAPH = "decoder_model.onnx";

const configSchema = z.looseObject({
  d_model: z.int().positive(),
  decoder_start_token_id: z.int().min(0),
  pad_token_id: z.int().min(0).nullish(),
});

/**
 * Opens a decoder as optimum exports it: `decoder_model.onnx` in a folder or repository or in its
 * folder `onnx`, with the inputs `input_ids`, `encoder_hidden_states` and `encoder_attention_mask` and
 * the output `logits`; beside it `config.json`, `tokenizer.json` and `tokenizer_config.json`.
 *
 * @param length The most tokens of a text.
 * @throws {RangeError} if the folder has no decoder, or one with other inputs.
 * @throws {SyntaxError} if a file is none of its kind.
 */
export async function openTextDecoder(
  folder: string,
  length: number,
  assets: Assets,
): Promise<FrozenDecoder> {
  const path = await assets.file(joinAddress(folder, "config.json"));
  const { data: config, error } = configSchema.safeParse(await readJson(path));
  if (config === undefined) {
    const [issue] = error.issues;
    throw new SyntaxError(`${path}: ${issue!.path.join(".")}: ${issue!.message}`);
  }
  const address = await graphIn(folder, assets);
  const graph = await openFrozenGraph(address, "logits", "decoder.", assets);
  const names = graph.inputs.map(({ name }) => name);
  const known = ["input_ids", "encoder_hidden_states", "encoder_attention_mask"];
  if (!known.slice(0, 2).every((name) => names.includes(name))) {
    throw new RangeError(`${address}: expected the inputs ${known}, found ${names}`);
  }
  if (names.some((name) => !known.includes(name))) {
    throw new RangeError(`${address}: expected no inputs but ${known}, found ${names}`);
  }
  const choice = { kind: "file", cleaning: "none", full: false } as const;
  const { tokenizer } = await findTokenizer(choice, folder, assets);
  const start = config.decoder_start_token_id;
  const padding = config.pad_token_id ?? tokenizer.padding;
  return {
    parameters: graph.parameters,
    width: config.d_model,
    reader: { length, encode: (text) => tokenizer.encode(text, length) },
    costs(state, ids, parameters) {
      const [texts, tokens] = ids.shape as [number, number];
      const isMissing = less(ids, 0);
      const known = maximum(ids, 0);
      const filled = add(known, mul(cast(isMissing, "int64"), padding));
      const first = constant(new Array(texts).fill(start), [texts, 1], "int64");
      const before = concat([first, slice(filled, { axis: 1, start: 0, end: tokens - 1 })], 1);
      const hidden = reshape(cast(state, "float32"), [texts, 1, config.d_model]);
      const inputs = new Map<string, Tensor>(graph.inputs.map(({ name, dtype }) => [
        name,
        name === "input_ids"
          ? cast(before, dtype)
          : name === "encoder_hidden_states"
          ? hidden
          : ones([texts, 1], dtype),
      ]));
      const logits = cast(graph.run(inputs, parameters), state.dtype);
      const own = gatherElements(logits, reshape(known, [texts, tokens, 1]), 2);
      return {
        costs: sub(logSumExp(logits, 2), reshape(own, [texts, tokens])),
        counted: cast(not(isMissing), state.dtype),
      };
    },
  };
}

async function graphIn(folder: string, assets: Assets): Promise<string> {
  for (const inside of ["", "onnx/"]) {
    const address = joinAddress(folder, `${inside}${GRAPH}`);
    if (await assets.optionalFile(address) !== undefined) return address;
  }
  throw new RangeError(
    `${folder}: expected ${GRAPH} in it or in its folder onnx, as optimum exports a decoder; found none`,
  );
}
