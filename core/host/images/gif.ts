import { checkPixels } from "./largest_picture.ts";
import type { Raster } from "../../images/raster.ts";

/** The most bits that a code of GIF's LZW has. */
const MOST_BITS = 12;

/** What stands before the pixels of a GIF's first frame. */
interface FirstFrame {
  /** Of the whole picture, which grows with a frame that does not fit. */
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
  readonly interlaced: boolean;
  /** Red, green and blue of each colour; none where the colours are shades of grey. */
  readonly palette: Uint8Array;
  /** The colour that is transparent; undefined if none is. */
  readonly transparent: number | undefined;
  /** Where the pixels begin: bits of the smallest code, then blocks. */
  readonly data: number;
}

/** Whether bytes begin as a GIF does. */
export function isGif(bytes: Uint8Array): boolean {
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  return magic === "GIF87a" || magic === "GIF89a";
}

/**
 * The first frame of a GIF as Pillow's `Image.open(…).convert("RGB")` gives it: transparent pixels
 * keep the colour that the palette has for them (libvips makes them black), with their opacity beside
 * it, and what the frame leaves open has the transparent colour, or the palette's first.
 *
 * @throws {SyntaxError} if it is cut off or its codes make no sense.
 * @throws {RangeError} if it has too many pixels.
 */
export function decodeGif(bytes: Uint8Array): Raster {
  const frame = readFirstFrame(bytes);
  const { width, height, palette } = frame;
  if (width * height === 0) throw new SyntaxError(`a GIF of ${width} × ${height} pixels`);
  checkPixels(width, height);
  const { left, top, columns, rows } = frame;
  // Before anything else takes memory: most damaged files end here.
  const pixels = readCodes(bytes, frame.data, columns * rows);
  const indices = new Uint8Array(width * height).fill(frame.transparent ?? 0);
  for (const [from, row] of rowsOf(rows, frame.interlaced).entries()) {
    const start = (top + row) * width + left;
    indices.set(pixels.subarray(from * columns, (from + 1) * columns), start);
  }
  const data = new Uint8Array(3 * indices.length);
  for (const [i, index] of indices.entries()) {
    // Beyond the palette Pillow has shades of grey.
    for (let c = 0; c < 3; c++) data[3 * i + c] = palette[3 * index + c] ?? index;
  }
  if (frame.transparent === undefined) return { width, height, data };
  return {
    width,
    height,
    data,
    opacity: indices.map((index) => index === frame.transparent ? 0 : 255),
  };
}

/**
 * Width and height of {@linkcode decodeGif}'s picture.
 *
 * @throws {SyntaxError} if it is cut off.
 * @throws {RangeError} if it has too many pixels.
 */
export function gifSize(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const { width, height } = readFirstFrame(bytes);
  checkPixels(width, height);
  return { width, height };
}

function readFirstFrame(bytes: Uint8Array): FirstFrame {
  const byte = (at: number): number => {
    const value = bytes[at];
    if (value === undefined) throw new SyntaxError("a GIF that is cut off");
    return value;
  };
  const number = (at: number) => byte(at) + 256 * byte(at + 1);
  const paletteAt = (flags: number, at: number) =>
    (flags & 0x80) === 0 ? undefined : bytes.subarray(at, at + (3 << ((flags & 7) + 1)));
  const common = paletteAt(byte(10), 13);
  let at = 13 + (common?.length ?? 0);
  let transparent: number | undefined;
  // Until the frame: extensions, and bytes that mean nothing.
  while (byte(at) !== 0x2c) {
    if (byte(at) === 0x3b) throw new SyntaxError("a GIF without a picture");
    if (byte(at++) !== 0x21) continue;
    const isControl = byte(at++) === 0xf9;
    if (isControl && byte(at) >= 4 && (byte(at + 1) & 1) !== 0) transparent = byte(at + 4);
    while (byte(at) !== 0) at += byte(at) + 1;
    at++;
  }
  const [left, top, columns, rows] = [1, 3, 5, 7].map((offset) => number(at + offset));
  const flags = byte(at + 9);
  const own = paletteAt(flags, at + 10);
  return {
    width: Math.max(number(6), left! + columns!),
    height: Math.max(number(8), top! + rows!),
    left: left!,
    top: top!,
    columns: columns!,
    rows: rows!,
    interlaced: (flags & 0x40) !== 0,
    palette: own ?? common ?? new Uint8Array(0),
    transparent,
    data: at + 10 + (own?.length ?? 0),
  };
}

/** Where the rows of the data stand in the picture. */
function rowsOf(rows: number, interlaced: boolean): readonly number[] {
  const passes = interlaced ? [[0, 8], [4, 8], [2, 4], [1, 2]] as const : [[0, 1]] as const;
  return passes.flatMap(([first, step]) =>
    Array.from(
      { length: Math.max(0, Math.ceil((rows - first) / step)) },
      (_, i) => first + i * step,
    )
  );
}

/** So many colours from the codes of GIF's LZW, which stand in blocks of up to 255 bytes. */
function readCodes(bytes: Uint8Array, start: number, count: number): Uint8Array {
  const smallest = bytes[start] ?? 0;
  if (smallest < 1 || smallest >= MOST_BITS) {
    throw new SyntaxError(`codes of ${smallest} bits, which no GIF has`);
  }
  const [clear, end] = [1 << smallest, (1 << smallest) + 1];
  // A code stands for a colour behind what another code stands for.
  const before = new Uint16Array(1 << MOST_BITS);
  const last = new Uint8Array(1 << MOST_BITS);
  const lengths = new Uint32Array(1 << MOST_BITS).fill(1, 0, clear);
  for (let code = 0; code < clear; code++) last[code] = code;
  const pixels = new Uint8Array(count);
  const next = codeReader(bytes, start + 1);
  let size = smallest + 1;
  let known = end + 1;
  let previous = -1;
  let filled = 0;
  while (filled < count) {
    const code = next(size);
    if (code === end) throw new SyntaxError(`${filled} of ${count} pixels`);
    if (code === clear) {
      [size, known, previous] = [smallest + 1, end + 1, -1];
      continue;
    }
    if (code > known || code === known && previous < 0 || previous < 0 && code > clear) {
      throw new SyntaxError("codes that were not made before");
    }
    if (previous >= 0 && known < 1 << MOST_BITS) {
      before[known] = previous;
      lengths[known] = lengths[previous]! + 1;
      last[known] = firstOf(code === known ? previous : code);
      known++;
      if (known === 1 << size && size < MOST_BITS) size++;
    }
    const length = lengths[code]!;
    for (let at = filled + length - 1, c = code; at >= filled; at--, c = before[c]!) {
      if (at < count) pixels[at] = last[c]!;
    }
    filled += length;
    previous = code;
  }
  return pixels;

  function firstOf(code: number): number {
    let c = code;
    while (c >= clear) c = before[c]!;
    return c;
  }
}

/** Reads codes of some bits, the lowest first, across blocks. */
function codeReader(bytes: Uint8Array, start: number): (size: number) => number {
  let at = start;
  let block = 0;
  let bits = 0;
  let held = 0;
  return (size) => {
    while (held < size) {
      if (block === 0) block = bytes[at++] ?? 0;
      const byte = bytes[at++];
      if (block === 0 || byte === undefined) throw new SyntaxError("a GIF that is cut off");
      bits |= byte << held;
      held += 8;
      block--;
    }
    const code = bits & ((1 << size) - 1);
    bits >>>= size;
    held -= size;
    return code;
  };
}
