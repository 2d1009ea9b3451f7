import { z } from "zod";
import { checkContent } from "../../../core/check_content.ts";
import { readText } from "../../../core/host/storage/read_text.ts";
import { parseJson } from "../../../core/parse_json.ts";
import type { SweepPoint } from "../../patching/commands/sweep.ts";
import { evaluationsSchema } from "../results/evaluations_schema.ts";

const schema = z.object({
  points: z.array(z.object({
    alpha: z.number(),
    evaluations: evaluationsSchema,
  })),
});

/**
 * Reads what a sweep over the weight of the trained model left in its folder, `sweep.json`; empty if
 * it is not there.
 *
 * @throws {SyntaxError} if the file holds no points of a sweep.
 */
export async function readSweep(folder: string): Promise<readonly SweepPoint[]> {
  const path = `${folder}/sweep.json`;
  const text = await readText(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (text === undefined) return [];
  return checkContent(path, "the points of a sweep", schema, parseJson(path, text)).points;
}
