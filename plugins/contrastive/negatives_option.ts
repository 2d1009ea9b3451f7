import { z } from "zod";
import { isNegativeGenerator, type NegativeGenerator } from "../../core/negative_generator.ts";

/** The schema of an option that is a generator of negatives. */
export const negativesOption: z.ZodType<NegativeGenerator> = z.custom<NegativeGenerator>(
  isNegativeGenerator,
  { error: "expected a generator of negatives" },
);
