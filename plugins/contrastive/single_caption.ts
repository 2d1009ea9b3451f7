import { z } from "zod";
import {
  checkOptions,
  type ComposeContext,
  type Composer,
  type Composition,
  createRandom,
  type JsonObject,
} from "../../mod.ts";

/** What {@linkcode singleCaption} can be told. */
export interface SingleCaptionOptions {
  /** Which caption goes with the picture: the `"first"`, or a `"random"` one. Default `"first"`. */
  readonly caption?: "first" | "random";
}

const schema = z.strictObject({ caption: z.enum(["first", "random"]).default("first") });

/**
 * Rows of one picture and one of its captions, the picture's centre cut out as a square.
 *
 * @throws {RangeError} if an option is unknown or has a value that is none of its own.
 */
export function singleCaption(
  options: SingleCaptionOptions = {},
): Composer<"caption"> {
  const { caption } = checkOptions("singleCaption", schema, options);
  return {
    name: "singleCaption",
    options: { caption },
    groups: { caption: 1 },
    async compose(index: number, context: ComposeContext): Promise<Composition<"caption">> {
      const { data, preprocessing, seed, epoch } = context;
      const { id, captions } = data.record(index);
      const text = caption === "first"
        ? captions[0]!
        : createRandom(seed, "singleCaption", epoch, index).pick(captions);
      return {
        id,
        image: await data.pixels(index, { kind: "square", size: preprocessing.size }),
        texts: { caption: [text] },
      };
    },
    with: (changes: JsonObject) => singleCaption({ caption, ...changes }),
  };
}
