/**
 * The values of α that `start:end:step` stands for: from the start in steps, the end included where
 * a step falls on it.
 *
 * @throws {RangeError} if the text has another form, or a value is not between 0 and 1.
 *
 * @example
 * ```ts
 * import { parseAlphas } from "./alphas.ts";
 *
 * console.assert(parseAlphas("0:1:0.25").join() === "0,0.25,0.5,0.75,1");
 * ```
 */
import { checkAlpha } from "../check_alpha.ts";
export function parseAlphas(text: string): readonly number[] {
  const number = String.raw`(\d+(?:\.\d+)?)`;
  const match = new RegExp(`^${number}:${number}:${number}$`).exec(text);
  if (match === null) {
    throw new RangeError(
      `sweep: expected start:end:step with numbers from 0 to 1, such as 0:1:0.05, found "${text}"`,
    );
  }
  const parts = match.slice(1) as [string, string, string];
  const [start, end, step] = parts.map(Number) as [number, number, number];
  checkAlpha("sweep", start);
  checkAlpha("sweep", end);
  if (start > end || step === 0) {
    throw new RangeError(
      `sweep: expected a start up to the end and a step over 0, found "${text}"`,
    );
  }
  const digits = Math.max(...parts.map((part) => part.split(".")[1]?.length ?? 0));
  // A quotient that comes out as 19.999999999999996 is 20.
  const count = Math.floor((end - start) / step + 1e-9) + 1;
  // Cut to the digits that were written: 3 · 0.1 comes out as 0.30000000000000004.
  return Array.from({ length: count }, (_, i) => Number((start + i * step).toFixed(digits)));
}
