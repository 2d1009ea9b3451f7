import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import { sizeOf } from "../../core/graph/node.ts";
import { matmul, reshape } from "../../core/graph/linear.ts";
import type { Loss, LossContext, LossResult } from "../../core/loss.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import type { Random } from "../../core/random.ts";
import { countedMean } from "../contrastive/counted_contrast.ts";
import { type FrozenDecoder, openTextDecoder } from "./text_decoder.ts";

type Texts = "caption" | "label";
type Context = LossContext<Texts, never, "pooled" | "read">;

/**
 * What a frozen decoder pays for the tokens of a `label`, each after those before it. All that it sees
 * of the caption is the pooled text before the tower's projection, through a matrix that is the loss's
 * parameter `projection`. The mean over all tokens of the batch.
 *
 * Gradients go through the decoder and not into it. Its values are read when the loss is prepared and
 * stand in no checkpoint.
 *
 * @param options.decoder The folder or repository of a frozen decoder, as optimum exports it.
 * @param options.width The length of the state that the decoder looks at. Default 1024,
 *   T5-v1.1-large's.
 * @param options.length The most tokens of a label. Default 77.
 * @throws {SettingsError} if an option is unknown or out of range. `prepare` throws a
 *   {@linkcode RangeError} if there is no such decoder, or one of another width; `compute` a
 *   {@linkcode TypeError} if there are not 1 caption and 1 label a row.
 */
export const textReconstruction: (
  options: { readonly decoder: string; readonly width?: number; readonly length?: number },
) => Loss<"caption" | "label", never, "pooled" | "read"> = defineComponent({
  name: "textReconstruction",
  schema: z.strictObject({
    decoder: z.string().min(1),
    width: z.int().positive().default(1024),
    length: z.int().min(2).default(77),
  }),
  make: (settings) => {
    const { decoder: folder, width, length } = settings;
    const unready = () => {
      throw new Error("textReconstruction: expected prepare() to be called before");
    };
    return {
      needs: ["caption"],
      extras: ["pooled", "read"],
      reads: { label: { length, encode: unready } },
      parameters: { projection: { shape: ["width", width], initial: uniform } },
      prepare: async ({ assets }: Pick<PrepareContext, "assets">) => {
        const decoder = await openTextDecoder(folder, length, assets);
        if (decoder.width !== width) {
          throw new RangeError(
            `textReconstruction.width: expected ${decoder.width}, which ${folder} has, found ${width}`,
          );
        }
        const { parameters, ...loss } = textReconstruction(settings);
        return {
          ...loss,
          reads: { label: decoder.reader },
          parameters: { ...parameters, ...decoder.parameters },
          compute: (context: Context) => reconstruction(context, decoder),
        };
      },
      compute: unready,
    };
  },
});

function reconstruction(
  { extra: { pooled, read }, parameters }: Context,
  decoder: FrozenDecoder,
): LossResult {
  const [batch, count, length] = read.label!.shape as [number, number, number];
  if (count !== 1 || pooled.caption.shape[1] !== 1) {
    throw new TypeError(
      `textReconstruction: expected 1 caption and 1 label a row, found ${
        pooled.caption.shape[1]
      } and ${count}`,
    );
  }
  const state = matmul(reshape(pooled.caption, [batch, -1]), parameters.projection!);
  const ids = reshape(read.label!, [batch, length]);
  const { costs, counted } = decoder.costs(state, ids, parameters);
  const total = countedMean(costs, counted);
  return { total, terms: { reconstruction: total } };
}

/** As PyTorch begins a linear layer: uniform up to `1 / √inputs`. */
function uniform(shape: readonly number[], random: Random): Float32Array {
  const most = 1 / Math.sqrt(shape[0]!);
  return Float32Array.from({ length: sizeOf(shape) }, () => (2 * random.next() - 1) * most);
}
