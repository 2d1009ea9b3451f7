import { z } from "zod";
import { checkContent } from "../../../core/check_content.ts";
import { readWholeLines } from "../../../core/host/storage/whole_lines.ts";
import { parseJson } from "../../../core/parse_json.ts";

const stepLine = z.object({
  step: z.number(),
  objective: z.string(),
  loss: z.number(),
  terms: z.record(z.string(), z.number()).default({}),
  lr: z.number(),
  seconds: z.number().default(0),
});

/** A line of `metrics.jsonl` about a step. */
export type StepLine = Readonly<z.infer<typeof stepLine>>;

/**
 * The steps in a run's `metrics.jsonl`, each with where its line ends in bytes; none where there is
 * no such file. A line that is still being written is left for the next time.
 *
 * @param from How many bytes to pass over, up to a line's end. Default: none.
 * @throws {SyntaxError} if a line is no step; names file and line.
 */
export async function* readSteps(
  path: string,
  from = 0,
): AsyncGenerator<{ readonly step: StepLine; readonly end: number }> {
  try {
    for await (const { line, text, end } of readWholeLines(path, from)) {
      const where = from === 0 ? `${path}:${line}` : `${path}, line ${line} from byte ${from}`;
      const value = parseJson(where, text);
      // Lines without a loss tell of something else than a step.
      if (typeof value === "object" && value !== null && !("loss" in value)) continue;
      const step = checkContent(where, "a step with objective, loss and lr", stepLine, value);
      yield { step, end };
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
