/** Arrays of numbers of one kind. */
interface Numbers {
  readonly length: number;
  set(part: ArrayLike<number>, start: number): void;
}

/** The values of several arrays of a kind, one after another, in one array. */
export function concatenate<T extends Numbers>(
  Kind: new (length: number) => T,
  parts: readonly (ArrayLike<number>)[],
): T {
  const all = new Kind(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}
