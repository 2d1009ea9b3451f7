/**
 * The manifest of a run: what it was made of, so that it can be told, repeated and gone on with.
 *
 * @module
 */
import type { Json, JsonObject } from "../../../core/component.ts";
import { type DataSet, faultCount } from "../../../core/dataset.ts";
import { describeRecipe } from "../../../core/describe_recipe.ts";
import type { Exchange } from "../../../core/processes/exchange.ts";
import type { DualEncoder, ParameterSpec } from "../../../core/model.ts";
import type { Recipe } from "../../../core/recipe.ts";
import type { Device } from "../../../core/device/device.ts";
import { toolVersions } from "../../../core/host/tool_versions.ts";
import { describeFacts, modelFacts } from "../evaluate/model_facts.ts";
import { stagesOf } from "./evaluate_stage.ts";
import type { RunSource } from "./run_options.ts";

/** What a run consists of. */
export interface ManifestParts {
  /** What is done, with every setting. */
  readonly recipe: Recipe;
  /** Where a resumed run finds the recipe again; undefined if it was made in a script. */
  readonly source: RunSource | undefined;
  /** Where the run happens. */
  readonly device: Device;
  /** What is trained. */
  readonly model: DualEncoder;
  /** Parameters that losses own. */
  readonly owned: readonly ParameterSpec[];
  /** Which parameters are trained, of the model and of losses. */
  readonly trained: readonly ParameterSpec[];
  /** What it is trained on. */
  readonly data: DataSet;
  /** Steps of the whole run. */
  readonly total: number;
}

/** Everything about a run that is known before its first step. */
export async function createManifest(parts: ManifestParts): Promise<JsonObject> {
  const { recipe, source, device, model, owned, trained, data, total } = parts;
  const all = [...model.parameters, ...owned];
  const { kind, description, reason, limits } = device;
  return {
    recipe: describeRecipe(recipe),
    source: source === undefined ? null : { ...source },
    started: new Date().toISOString(),
    versions: toolVersions(),
    device: { kind, description, reason, limits },
    model: model.name,
    settings: describeFacts(
      modelFacts(model, `trained in ${recipe.precision}, scored in float32`),
    ),
    parameters: {
      trained: countValues(trained),
      frozen: countValues(all) - countValues(trained),
    },
    data: {
      name: data.name,
      examples: data.length,
      faults: faultCount(data),
      fingerprint: await data.fingerprint(),
    },
    steps: total,
    stages: stagesOf(recipe),
  };
}

/** How many values parameters have. */
export function countValues(parameters: readonly ParameterSpec[]): number {
  return parameters.reduce(
    (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
    0,
  );
}

/**
 * Makes sure that a run goes on with the recipe and the data that it began with.
 *
 * @throws {RangeError} naming each setting that has changed.
 */
export function checkSameRun(folder: string, before: JsonObject, now: JsonObject): void {
  const changes = ["recipe", "data", "model"].flatMap((part) =>
    differences(part === "recipe" ? "" : part, whatLasts(before[part]), whatLasts(now[part]))
  );
  if (changes.length === 0) return;
  throw new RangeError(
    `${folder}: this is not what the run began with, so it cannot go on:\n  ${
      changes.join("\n  ")
    }`,
  );
}

/** What a run has to go on with: but for rounding, nothing that is trained depends on its chunks. */
export function whatLasts(part: Json | undefined): Json {
  const counts = whatCounts(part);
  if (!isObject(counts)) return counts;
  const { chunk: _, ...rest } = counts;
  return rest;
}

/** Nothing that is trained depends on hooks or on room: processes and times may have others. */
function whatCounts(part: Json | undefined): Json {
  if (part === undefined || !isObject(part)) return part ?? null;
  const { hooks: _, memory: __, ...rest } = part as JsonObject;
  return rest;
}

/**
 * Makes sure that processes share one run: that all have the same recipe, data and model.
 *
 * @throws {RangeError} naming the first process that has others, and each setting.
 */
export async function checkSameProcesses(exchange: Exchange, own: JsonObject): Promise<void> {
  const parts = ["recipe", "data", "model"];
  const mine = Object.fromEntries(parts.map((part) => [part, whatCounts(own[part])]));
  const [first, ...others] = (await exchange.gatherNames([JSON.stringify(mine)]))
    .map((text) => JSON.parse(text) as JsonObject);
  for (const [i, other] of others.entries()) {
    const changes = differences("", first!, other);
    if (changes.length === 0) continue;
    throw new RangeError(
      `process ${i + 1} has not what process 0 has, so they cannot share a run:\n  ${
        changes.join("\n  ")
      }`,
    );
  }
}

function differences(path: string, before: Json, now: Json): string[] {
  if (isObject(before) && isObject(now)) {
    return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((key) =>
      differences(path === "" ? key : `${path}.${key}`, before[key] ?? null, now[key] ?? null)
    );
  }
  const [was, is] = [JSON.stringify(before), JSON.stringify(now)];
  return was === is ? [] : [`${path}: was ${was}, is ${is}`];
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null;
}
