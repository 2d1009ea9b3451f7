import { z } from "zod";
import { isTagger, type Tagger } from "./tagger.ts";
import { winkTagger } from "./wink_tagger.ts";

/** The schema of an option that is a {@linkcode Tagger}; `"wink"`, the default, is a `winkTagger()`. */
export const taggerOption: z.ZodType<Tagger> = z.union(
  [z.literal("wink"), z.custom<Tagger>(isTagger)],
  { error: 'expected a Tagger or "wink"' },
).default("wink").transform((tagger) => tagger === "wink" ? winkTagger() : tagger);
