import { z } from "zod";
import { readManifest } from "../runs/run_folder.ts";
import type { RunSource } from "../runs/run_options.ts";
import { resolveReference } from "./load_recipe.ts";

/**
 * The recipe and overrides of a run that is to go on, from its manifest. They need not be given
 * again; what is given has to be what the run began with, but for its `memory` and `chunk`, on which
 * nothing depends beyond rounding.
 *
 * @param name The recipe that was given, if any.
 * @param overrides The overrides that were given.
 * @throws {RangeError} if the folder is no run folder or the run began with something else.
 */
export async function resumedSource(
  folder: string,
  name: string | undefined,
  overrides: readonly string[],
): Promise<RunSource> {
  const manifest = manifestSchema.safeParse(await readManifest(folder));
  if (!manifest.success) {
    throw new RangeError(
      `${folder}/manifest.json: expected a source with recipe, overrides and folder`,
    );
  }
  const { sweep, ...source } = manifest.data.source;
  if (sweep !== undefined) {
    throw new RangeError(
      `${folder}: expected the folder of a run, found that of a study; ` +
        `"study ${source.recipe} … --out ${folder}" goes on with it`,
    );
  }
  if (name !== undefined && resolveReference(name) !== source.recipe) {
    throw new RangeError(
      `${folder}: expected the run's own recipe ${source.recipe}, found ${name}`,
    );
  }
  const room = overrides.filter(setsRoom);
  const given = overrides.filter((each) => !setsRoom(each));
  const began = source.overrides.filter((each) => !setsRoom(each));
  if (given.length > 0 && JSON.stringify(given) !== JSON.stringify(began)) {
    const own = source.overrides.length === 0 ? "none" : source.overrides.join(" ");
    throw new RangeError(
      `${folder}: expected the run's own overrides (${own}), found ${given.join(" ")}`,
    );
  }
  const settings = new Set(room.map(settingOf));
  const kept = source.overrides.filter((each) => !settings.has(settingOf(each)));
  return { ...source, overrides: [...kept, ...room] };
}

function setsRoom(override: string): boolean {
  return ["memory", "chunk"].includes(settingOf(override));
}

function settingOf(override: string): string {
  return override.split("=", 1)[0]!;
}

const manifestSchema = z.object({
  source: z.object({
    recipe: z.string(),
    overrides: z.array(z.string()),
    folder: z.string().default(() => Deno.cwd()),
    sweep: z.array(z.string()).optional(),
  }),
});

/**
 * Goes to the folder that a run began in, since relative paths of its recipe start there.
 *
 * @param log Hears of it, unless that is where this process is.
 */
export async function returnTo({ folder }: RunSource, log: (line: string) => void): Promise<void> {
  if (folder === Deno.cwd()) return;
  const isThere = await Deno.stat(folder).then((info) => info.isDirectory, () => false);
  if (isThere) Deno.chdir(folder);
  log(
    isThere
      ? `relative paths start from ${folder}, where the run began`
      : `${folder}, where the run began, is not there: relative paths start from ${Deno.cwd()}`,
  );
}
