import { z } from "zod";
import { parsePython } from "../../../core/parse_python.ts";

const texts = z.array(z.string().min(1)).min(1);

/** The zod schema of a cell that holds a list of texts as Python shows it: `['a cat', "a dog's bone"]`. */
export const pythonTexts: z.ZodType<readonly string[]> = z.string().transform(
  (cell, { addIssue }) => {
    const found = texts.safeParse(parsePython(cell));
    if (found.success) return found.data;
    addIssue({ code: "custom", message: "expected a list of texts as Python shows it" });
    return z.NEVER;
  },
);
