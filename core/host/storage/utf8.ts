/** The least value of the second byte after some first ones, which have more rules than others. */
const LEAST: ReadonlyMap<number, number> = new Map([[0xe0, 0xa0], [0xf0, 0x90]]);

/** The greatest value of the second byte, likewise. */
const GREATEST: ReadonlyMap<number, number> = new Map([[0xed, 0x9f], [0xf4, 0x8f]]);

/** The offset of the first byte that is no part of a character in UTF-8; −1 if there is none. */
export function firstInvalidByte(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length;) {
    const length = lengthOf(bytes[i]!);
    if (length === 0) return i;
    for (let k = 1; k < length; k++) {
      const byte = bytes[i + k];
      const least = k === 1 ? LEAST.get(bytes[i]!) ?? 0x80 : 0x80;
      const greatest = k === 1 ? GREATEST.get(bytes[i]!) ?? 0xbf : 0xbf;
      // The byte that does not follow is named by the one that it should have followed.
      if (byte === undefined || byte < least || byte > greatest) return i;
    }
    i += length;
  }
  return -1;
}

/** How many bytes there are before a character that the bytes only begin. */
export function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const start = bytes.length - back;
    const byte = bytes[start]!;
    if ((byte & 0xc0) === 0x80) continue;
    return lengthOf(byte) > back ? start : bytes.length;
  }
  return bytes.length;
}

/** How many bytes the character has that begins with this one; 0 if none does. */
function lengthOf(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}
