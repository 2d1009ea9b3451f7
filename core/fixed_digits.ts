/**
 * A number with so many digits after the point, `"0.000"` where these are all that is left of it and
 * never `"-0.000"`, which would tell of a sign that nobody sees.
 */
export function fixedDigits(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** {@linkcode fixedDigits} of a difference, with its sign unless it is nothing: `"+0.25"`, `"0.00"`. */
export function signedDigits(difference: number, digits: number): string {
  const text = fixedDigits(difference, digits);
  return Number(text) > 0 ? `+${text}` : text;
}
