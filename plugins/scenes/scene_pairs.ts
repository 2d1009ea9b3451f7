import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { Composer } from "../../core/objective.ts";
import { composePair } from "../clic/compose_pair.ts";
import { sceneTagger } from "./scene_tagger.ts";

const schema = z.strictObject({ positives: z.int().min(2).default(4) });

const tagger = sceneTagger();

/**
 * CLIC's rows on scenes, as `clicPairs({ preset: "strict" })` makes them, with parts of speech from
 * the world's own vocabulary: neither a tagger's model nor WordNet is needed, so that it runs in a
 * browser. Among captions that are told in plain words there are no synonyms to keep apart.
 *
 * @param options.positives How many positives a row has, at least 2. Default 4.
 * @throws {RangeError} if an option is unknown or out of range.
 */
export const scenePairs: (
  options?: { readonly positives?: number },
) => Composer<"caption" | "positive" | "negative"> = defineComponent({
  name: "scenePairs",
  schema,
  make: ({ positives }) => ({
    groups: { caption: 1, positive: positives, negative: 1 },
    rows: 1,
    compose: (index, context) =>
      composePair(index, context, {
        ...{ positives, negatives: 1, tagger },
        ...{ selfPairing: false, fallback: "redraw", replacement: "token" },
      }),
  }),
});
