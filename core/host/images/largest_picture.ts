/** The most pixels of a picture: where Pillow refuses it as a decompression bomb. */
const MOST_PIXELS = 178_956_970;

/**
 * Makes sure that a picture is not too large to be decoded: a small file can say that it has more
 * pixels than there is memory.
 *
 * @throws {RangeError} if it is.
 */
export function checkPixels(width: number, height: number): void {
  if (width * height <= MOST_PIXELS) return;
  throw new RangeError(`${width} × ${height} pixels, more than ${MOST_PIXELS}, Pillow's limit`);
}
