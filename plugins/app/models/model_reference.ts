import { join } from "node:path";

/**
 * What is meant by a reference to a model: the folder of a run stands for the model that it has left;
 * everything else for itself.
 *
 * @throws {RangeError} if the run has left none yet.
 */
export async function modelReference(reference: string): Promise<string> {
  const isThere = (name: string) => Deno.stat(join(reference, name)).then(() => true, () => false);
  if (!await isThere("manifest.json") || !await isThere("metrics.jsonl")) return reference;
  const model = join(reference, "model");
  if (await isThere("model")) return model;
  throw new RangeError(
    `${reference}: expected a run that has come to its end, found no model in it; ` +
      `go on with it by: recipe --resume ${reference}`,
  );
}
