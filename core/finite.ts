/** The place of the first value that is not finite; −1 if there is none. */
export function findNotFinite(values: Float32Array | Float64Array): number {
  // By index: iterating over typed arrays takes twenty times as long, and there are many values.
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

/**
 * Refuses values that are not finite.
 *
 * @param what What holds them, which begins the message.
 * @throws {RangeError} with the first of them.
 */
export function checkFinite(what: string, values: Float32Array | Float64Array): void {
  const place = findNotFinite(values);
  if (place === -1) return;
  throw new RangeError(`${what} holds ${values[place]}, expected finite values`);
}
