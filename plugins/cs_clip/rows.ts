import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import { createRandom, type Random } from "../../core/random.ts";
import { drawExample, type ExampleOptions, exampleOptions } from "../contrastive/draw_example.ts";
import { winkTagger } from "../language/wink_tagger.ts";
import { isWordProposer, type WordProposer } from "../language/word_proposer.ts";
import { wordnet } from "../language/wordnet_proposer.ts";
import { findUnits } from "./find_units.ts";
import type { CsClipGroup } from "./loss.ts";
import { readUnits } from "./read_units.ts";
import { type CaptionUnits, drawNegative, drawUnit } from "./units.ts";

const schema = z.strictObject({
  units: z.string().min(1).nullable().default(null),
  proposer: z.custom<WordProposer>(isWordProposer, { error: "expected a proposer of words" })
    .default(() => wordnet()),
  // num_entity_captions of the authors' configs/dataset/coco_neg.yaml, at commit 98b40c0.
  count: z.int().min(1).default(2),
  ...exampleOptions,
});

type FindUnits = (caption: string, random: Random) => Promise<CaptionUnits>;

/**
 * CS-CLIP's rows: a picture, its caption with a negative, and units of the caption with a foil each
 * ({@linkcode drawUnit}). Of a caption with fewer units than are asked for, some stand twice, as in the
 * authors' code; `null`s where it has none.
 *
 * `prepare` throws a {@linkcode SyntaxError} if the file of units holds something else. A caption that
 * is not in it has no units and no negative.
 *
 * @param options.units The address of a JSON file with units, as CS-CLIP's authors publish them.
 *   Default `null`: units are found by parts of speech and foils proposed.
 * @param options.proposer Proposes foils where units are not read. Default `wordnet()`.
 * @param options.count Units a row. Default 2.
 * @throws {SettingsError} if an option is unknown or out of range.
 */
export const csClipRows: (
  options?: ExampleOptions & {
    readonly units?: string | null;
    readonly proposer?: WordProposer;
    readonly count?: number;
  },
) => Composer<"caption" | "negative" | "unit" | "foil"> = defineComponent({
  name: "csClipRows",
  schema,
  make: (settings) => {
    const tagger = winkTagger();
    return {
      groups: { caption: 1, negative: 1, unit: settings.count, foil: settings.count },
      rows: 1,
      prepare: async (context: PrepareContext) => {
        const { units, proposer } = settings;
        const ready = { ...settings, proposer: await proposer.prepare?.(context) ?? proposer };
        if (units === null || context.rehearsal) return csClipRows({ ...ready, units: null });
        const known = await readUnits(await context.assets.file(units));
        const none: CaptionUnits = { entities: [], foils: {}, relations: [], negatives: [] };
        const find: FindUnits = (caption) => Promise.resolve(known.get(caption) ?? none);
        return { ...csClipRows(ready), compose: composeWith(find, settings) };
      },
      compose: composeWith(
        (caption, random) => findUnits(caption, tagger, settings.proposer, random),
        settings,
      ),
    };
  },
});

function composeWith(
  find: FindUnits,
  { count, ...settings }: z.infer<typeof schema>,
): Composer<CsClipGroup>["compose"] {
  return async (
    index: number,
    context: ComposeContext,
  ): Promise<readonly Composition<CsClipGroup>[]> => {
    const stream = (what: string) =>
      createRandom(context.seed, "csClipRows", context.epoch, index, what);
    const random = stream("texts");
    const drawn = drawExample(index, context, settings, random, stream("crop"));
    const { id, caption } = drawn;
    const image = await drawn.image;
    const units = await find(caption, random);
    const negative = drawNegative(caption, units, random) ?? null;
    const pairs = Array.from({ length: count }, () => drawUnit(units, random));
    const unit = pairs.map((pair) => pair?.[0] ?? null);
    const foil = pairs.map((pair) => pair?.[1] ?? null);
    return [{ id, image, texts: { caption: [caption], negative: [negative], unit, foil } }];
  };
}
