/**
 * Checks a weight of the fine-tuned side.
 *
 * @throws {RangeError} if it is not between 0 and 1.
 */
export function checkAlpha(name: string, alpha: number): void {
  if (alpha >= 0 && alpha <= 1) return;
  throw new RangeError(`${name}: expected a number from 0 to 1, found ${alpha}`);
}
