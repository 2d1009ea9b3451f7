/**
 * Text that was UTF-8 and read as something else, read again: `fix_encoding` of ftfy 6.3.1 (Robyn
 * Speer, Apache License 2.0, see `ftfy_LICENSE`), in TypeScript.
 *
 * @module
 */
import { decodeWindows1252, encodings } from "./encodings.ts";
import { LOOKS_LIKE_UTF8, UNLIKELY } from "./mojibake_patterns.ts";

/** The text as it was meant, if it looks as if it had been read in the wrong encoding. */
export function fixEncoding(text: string): string {
  for (let before = "", now = text;;) {
    before = now;
    now = fixOnce(now);
    if (now === before) return now;
  }
}

/** C1 control characters as what Windows-1252 has in their places, as web browsers do it. */
export function fixC1Controls(text: string): string {
  return text.replace(C1_CONTROLS, (control) => decodeWindows1252(control, true)!);
}

const C1_CONTROLS = /[\x80-\x9f]/g;

function isBad(text: string): boolean {
  return UNLIKELY.test(text);
}

function fixOnce(text: string): string {
  // deno-lint-ignore no-control-regex -- every character of ASCII
  if (/^[\x00-\x7f]*$/.test(text) || !isBad(text)) return text;
  let latin1: string | undefined;
  for (const { name, encode } of encodings) {
    const encoded = encode(text);
    if (encoded === undefined) continue;
    if (name === "latin-1") latin1 = encoded;
    let bytes = encoded;
    // In MacRoman an en dash before a space would look the same.
    if (name !== "macroman" && ALTERED_UTF8.test(bytes)) bytes = restoreByteA0(bytes);
    if (name.startsWith("sloppy")) bytes = bytes.replaceAll(LOSSY_UTF8, "\xef\xbf\xbd");
    const fixed = decodeUtf8(bytes);
    if (fixed !== undefined) return fixed;
  }
  const inParts = text.replace(LOOKS_LIKE_UTF8, (part) => {
    // A match of all of it would never end.
    return part.length < text.length && isBad(part) ? fixEncoding(part) : part;
  });
  if (inParts !== text) return inParts;
  if (latin1 !== undefined) {
    const windows = decodeWindows1252(latin1, false);
    if (windows !== undefined && windows !== text) return windows;
  }
  return fixC1Controls(text);
}

/** UTF-8 in which a program took byte A0 for a space. */
const ALTERED_UTF8 = new RegExp(
  [
    String.raw`[\xc2\xc3\xc5\xce\xd0\xd9][ ]`,
    String.raw`[\xe2\xe3][ ][\x80-\x84\x86-\x9f\xa1-\xbf]`,
    String.raw`[\xe0-\xe3][\x80-\x84\x86-\x9f\xa1-\xbf][ ]`,
    String.raw`[\xf0][ ][\x80-\xbf][\x80-\xbf]`,
    String.raw`[\xf0][\x80-\xbf][ ][\x80-\xbf]`,
    String.raw`[\xf0][\x80-\xbf][\x80-\xbf][ ]`,
  ].join("|"),
);
const EVERY_ALTERED_UTF8 = new RegExp(ALTERED_UTF8, "g");

/** An à that lost its A0, as a word of its own: the space stays. */
const A_GRAVE_WORD = /\xc3 (?! |quele|quela|quilo|s )/g;

function restoreByteA0(bytes: string): string {
  return bytes.replaceAll(A_GRAVE_WORD, "\xc3\xa0 ")
    .replaceAll(EVERY_ALTERED_UTF8, (part) => part.replaceAll(" ", "\xa0"));
}

/** UTF-8 some of whose bytes are lost (byte 1A, now and then a question mark). */
const LOSSY_UTF8 = new RegExp(
  [
    String.raw`[\xc2-\xdf][\x1a]`,
    String.raw`[\xc2-\xc3][?]`,
    String.raw`\xed[\xa0-\xaf][\x1a?]\xed[\xb0-\xbf][\x1a?\x80-\xbf]`,
    String.raw`\xed[\xa0-\xaf][\x1a?\x80-\xbf]\xed[\xb0-\xbf][\x1a?]`,
    String.raw`[\xe0-\xef][\x1a?][\x1a\x80-\xbf]`,
    String.raw`[\xe0-\xef][\x1a\x80-\xbf][\x1a?]`,
    String.raw`[\xf0-\xf4][\x1a?][\x1a\x80-\xbf][\x1a\x80-\xbf]`,
    String.raw`[\xf0-\xf4][\x1a\x80-\xbf][\x1a?][\x1a\x80-\xbf]`,
    String.raw`[\xf0-\xf4][\x1a\x80-\xbf][\x1a\x80-\xbf][\x1a?]`,
    String.raw`\x1a`,
  ].join("|"),
  "g",
);

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Strictly, but for CESU-8 (surrogates of three bytes each) and Java's zero of two bytes. */
function decodeUtf8(bytes: string): string | undefined {
  const plain = bytes
    .replaceAll(/\xed([\xa0-\xaf])([\x80-\xbf])\xed([\xb0-\xbf])([\x80-\xbf])/g, fourBytes)
    .replaceAll("\xc0\x80", "\0");
  try {
    return utf8.decode(Uint8Array.from(plain, (each) => each.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

function fourBytes(_: string, ...parts: readonly string[]): string {
  const [a, b, c, d] = parts.slice(0, 4).map((each) => each.charCodeAt(0));
  const point = ((a! & 0x0f) << 16) + ((b! & 0x3f) << 10) + ((c! & 0x0f) << 6) + (d! & 0x3f) +
    0x10000;
  return String.fromCharCode(
    0xf0 | (point >> 18),
    0x80 | ((point >> 12) & 0x3f),
    0x80 | ((point >> 6) & 0x3f),
    0x80 | (point & 0x3f),
  );
}
