/**
 * A text tower that reads fewer tokens than its weights have places for.
 *
 * @module
 */
import type { HostTensor } from "../../core/model.ts";
import type { ClipConfig } from "./config.ts";

/**
 * The same architecture with room for `context` tokens.
 *
 * @param weights Names the weights in errors.
 * @throws {RangeError} if the weights have fewer places.
 */
export function withContext(config: ClipConfig, context: number, weights: string): ClipConfig {
  if (context > config.text.context) {
    throw new RangeError(
      `clip.context: expected at most ${config.text.context}, the places that the table of ` +
        `positions in ${weights} has, found ${context}`,
    );
  }
  return { ...config, text: { ...config.text, context } };
}

/** The values with the table `name`, `[places, width]`, cut to its first `rows` rows. */
export function cutTable(
  values: ReadonlyMap<string, HostTensor>,
  name: string,
  rows: number,
): ReadonlyMap<string, HostTensor> {
  const table = values.get(name)!;
  const width = table.shape[1]!;
  const cut = { ...table, shape: [rows, width], data: table.data.slice(0, rows * width) };
  return new Map(values).set(name, cut);
}

/**
 * The values with the table `name` as long as it was: its own rows, then the rest of the rows of
 * `whole`.
 */
export function restoreTable(
  values: ReadonlyMap<string, HostTensor>,
  name: string,
  whole: HostTensor,
): ReadonlyMap<string, HostTensor> {
  const own = values.get(name)!;
  const data = whole.data.slice();
  data.set(own.data);
  return new Map(values).set(name, { ...own, shape: whole.shape, data });
}
