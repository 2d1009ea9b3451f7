import { createRandom } from "../../core/random.ts";

/** Normal samples that large parameters draw on: a prime, so that their rows differ. */
const TABLE = 1_048_573;

/**
 * Normal samples for parameters by name and length. Those of more than a million values repeat a table
 * of samples, for speed.
 */
export function tableSamples(seed: number): (name: string, length: number) => Float32Array {
  let table: Float32Array | undefined;
  return (name, length) => {
    const random = createRandom(seed, "initial", name);
    if (length <= TABLE) return Float32Array.from({ length }, () => random.normal());
    const shared = createRandom(seed, "initial table");
    table ??= Float32Array.from({ length: TABLE }, () => shared.normal());
    const data = new Float32Array(length);
    let start = random.integer(TABLE);
    for (let filled = 0; filled < length;) {
      const count = Math.min(TABLE - start, length - filled);
      data.set(table.subarray(start, start + count), filled);
      filled += count;
      start = 0;
    }
    return data;
  };
}
