/**
 * Numbers as the report shows them.
 *
 * @module
 */
import { fixedDigits, signedDigits } from "../../../core/fixed_digits.ts";
import type { Interval } from "../results/bootstrap.ts";

const minus = "\u2212";
const nothing = "–";

/** A value with one decimal: `62.5`, `−0.4`, never `−0.0`. */
export function oneDecimal(value: number): string {
  return fixedDigits(value, 1).replace("-", minus);
}

/** A share in per cent with one decimal: `0.625` is `62.5`; a dash for none. */
export function percent(share: number | undefined): string {
  return share === undefined ? nothing : oneDecimal(100 * share);
}

/** A difference of shares in percentage points, always with a sign: `+12.5`, `−0.4`, `0.0`. */
export function points(difference: number | undefined): string {
  return difference === undefined ? nothing : signedDigits(100 * difference, 1).replace("-", minus);
}

/** The bounds of an interval of shares in per cent: `58.2–66.8`. */
export function percentRange({ low, high }: Interval): string {
  return `${percent(low)}–${percent(high)}`;
}

/** The bounds of an interval of differences in percentage points: `−1.2 to +3.4`. */
export function pointsRange({ low, high }: Interval): string {
  return `${points(low)} to ${points(high)}`;
}

/** A value to four significant digits, as losses and learning rates are read. */
export function significant(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size < 1e-3 || size >= 1e5
    ? value.toExponential(2).replace(/\.?0+e/, "e").replace("e+", "e")
    : String(Number(value.toPrecision(4)));
  return text.replaceAll("-", minus);
}

/** A count with commas between thousands. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}
