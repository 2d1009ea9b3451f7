import { checkValue, type OptionsSchema } from "../../../core/check_options.ts";
import type { Context } from "../../../core/context.ts";
import { readJson, readJsonLines } from "../../../core/host/storage/read_json.ts";
import { describeFault } from "../../../core/settings_error.ts";
import { shortened } from "../../../core/shortened.ts";

/**
 * A JSON file of annotations, checked.
 *
 * @param address `hf:…`, `https:…` or a path.
 * @throws {AssetError} if the file cannot be had.
 * @throws {SyntaxError} if it is not JSON or not of the form expected: names the file, the first
 *   place that is wrong and what was expected there.
 */
export async function readAnnotations<T>(
  { assets }: Pick<Context, "assets">,
  address: string,
  schema: OptionsSchema<T>,
): Promise<T> {
  const path = await assets.file(address);
  return checkAnnotations(path, await readJson(path), schema);
}

/** As {@linkcode readAnnotations}, of a file with one JSON value a line. */
export async function readAnnotationLines<T>(
  { assets }: Pick<Context, "assets">,
  address: string,
  schema: OptionsSchema<T>,
): Promise<T[]> {
  const path = await assets.file(address);
  const values: T[] = [];
  for await (const { line, value } of readJsonLines(path)) {
    values.push(checkAnnotations(`${path}, line ${line}`, value, schema));
  }
  return values;
}

/**
 * A value of an annotation file, checked.
 *
 * @param where The file, and the place in it.
 * @throws {SyntaxError} naming the first place that is wrong and what was expected there.
 */
export function checkAnnotations<T>(where: string, value: unknown, schema: OptionsSchema<T>): T {
  const { value: checked, faults } = checkValue(schema, value);
  if (faults === undefined) return checked;
  const { path, ...fault } = faults[0]!;
  const keys = path.map((key) => `[${shortened(JSON.stringify(key))}]`).join("");
  throw new SyntaxError(
    `${where}${keys === "" ? "" : `, ${keys}`}: ${describeFault({ path: [], ...fault })}`,
  );
}
