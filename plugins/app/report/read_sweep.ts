import { z } from "zod";
import { readText } from "../../../core/host/storage/read_text.ts";
import type { SweepPoint } from "../../patching/commands/sweep.ts";

const schema = z.object({
  points: z.array(z.object({
    alpha: z.number(),
    evaluations: z.array(z.object({
      dataset: z.string(),
      task: z.string(),
      metrics: z.record(z.string(), z.number()),
      items: z.number(),
      headline: z.string(),
      parts: z.array(z.string()).exactOptional(),
    })),
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
  const checked = schema.safeParse(parse(text));
  if (checked.success) return checked.data.points;
  const { path: where, message } = checked.error.issues[0]!;
  throw new SyntaxError(
    `${path}: expected the points of a sweep; ${where.join(".") || "all of it"}: ${message}`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
