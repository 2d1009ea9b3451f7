import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import { matmul, reshape } from "../../core/graph/linear.ts";
import type { Loss, LossContext, LossResult } from "../../core/loss.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import type { Random } from "../../core/random.ts";
import { countedMean } from "../contrastive/counted_contrast.ts";
import { weightedTerms } from "../contrastive/weighted_terms.ts";
import { openTextDecoder, type TextDecoder } from "../onnx/text_decoder.ts";
import { alignOptions, alignTerms, type ReadClipAlignLossOptions } from "./loss.ts";
import type { ReadClipTexts } from "./rows.ts";

/** Options of {@linkcode readClipLoss}. */
export interface ReadClipLossOptions extends ReadClipAlignLossOptions {
  /** The folder or repository of the frozen decoder, as optimum exports it. */
  readonly decoder: string;
  /** The length of the state that the decoder looks at. Default 1024, T5-v1.1-large's. */
  readonly width?: number;
  /** The weight of the reconstruction. Default 0.1. */
  readonly reconstruction?: number;
}

const schema = z.strictObject({
  ...alignOptions,
  decoder: z.string().min(1),
  width: z.int().positive().default(1024),
  // training_weight of the authors' config/train_read_clip.yaml, at commit b2f096c.
  reconstruction: z.number().min(0).default(0.1),
});

/** The most tokens of a label: `max_length` of the authors' configuration. */
const LENGTH = 77;

/**
 * READ-CLIP's loss (Kwon et al., NeurIPS 2025): the terms of `readClipAlignLoss`, and
 *
 * - `reconstruction`: what a frozen decoder pays for the tokens of a `label`, another caption of the
 *   picture, each after those before it. All that it sees of the caption is the pooled text before the
 *   tower's projection, through a matrix that is the loss's parameter `projection`. The mean over all
 *   tokens of the batch;
 * - `total = hardNegative + alignment·alignment + reconstruction·reconstruction`, weights times terms.
 *
 * Gradients go through the decoder and not into it. Its values are read when the loss is prepared and
 * stand in no checkpoint.
 *
 * @throws {SettingsError} if an option is unknown or out of range. `prepare` throws a
 *   {@linkcode RangeError} if there is no such decoder, or one of another width.
 */
export const readClipLoss: (
  options: ReadClipLossOptions,
) => Loss<ReadClipTexts, never, "pooled" | "read"> = defineComponent({
  name: "readClipLoss",
  schema,
  make: (settings) => {
    const unready = () => {
      throw new Error("readClipLoss: expected prepare() to be called before");
    };
    const { decoder: folder, width } = settings;
    return {
      needs: ["caption", "negative", "paraphrase"],
      extras: ["pooled", "read"],
      reads: { label: { length: LENGTH, encode: unready } },
      parameters: { projection: { shape: ["width", width], initial: uniform } },
      prepare: async ({ assets }: Pick<PrepareContext, "assets">) => {
        const decoder = await openTextDecoder(folder, LENGTH, assets);
        if (decoder.width !== width) {
          throw new RangeError(
            `readClipLoss.width: expected ${decoder.width}, which ${folder} has, found ${width}`,
          );
        }
        const { parameters, ...loss } = readClipLoss(settings);
        return {
          ...loss,
          reads: { label: decoder.reader },
          parameters: { ...parameters, ...decoder.parameters },
          compute: (context: Context) => withReconstruction(context, decoder, settings),
        };
      },
      compute: unready,
    };
  },
});

type Context = LossContext<ReadClipTexts, never, "pooled" | "read">;

function withReconstruction(
  context: Context,
  decoder: TextDecoder,
  { duplicates, alignment, reconstruction }: z.infer<typeof schema>,
): LossResult {
  const { extra: { pooled, read }, parameters } = context;
  const [batch, count, length] = read.label!.shape as [number, number, number];
  if (count !== 1) throw new TypeError(`readClipLoss: expected 1 label a row, found ${count}`);
  const state = matmul(reshape(pooled.caption, [batch, -1]), parameters.projection!);
  const { costs, counted } = decoder.costs(
    state,
    reshape(read.label!, [batch, length]),
    parameters,
  );
  const terms = {
    ...alignTerms({ ...context, extra: {} }, duplicates),
    reconstruction: countedMean(costs, counted),
  };
  return weightedTerms(terms, { alignment, reconstruction });
}

/** As PyTorch begins a linear layer: uniform up to `1 / √inputs`. */
function uniform(shape: readonly number[], random: Random): Float32Array {
  const most = 1 / Math.sqrt(shape[0]!);
  const size = shape.reduce((product, length) => product * length, 1);
  return Float32Array.from({ length: size }, () => (2 * random.next() - 1) * most);
}
