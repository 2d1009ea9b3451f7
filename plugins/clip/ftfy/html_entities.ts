/**
 * HTML's character references as Python's `html.unescape` and ftfy replace them.
 *
 * @module
 */
import { decodeHTML } from "entities";
import { decodeWindows1252 } from "./encodings.ts";

/** `html.unescape` of Python: with and without a semicolon. */
export function unescapeHtml(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/gu,
    (whole, name: string) => name.startsWith("#") ? numeric(name) : decodeHTML(whole),
  );
}

/**
 * ftfy's careful form of it: with a semicolon alone, and names of Latin letters and signs in capitals,
 * which mean the capital.
 */
export function unescapeUnambiguousHtml(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&#?[0-9A-Za-z]{1,24};/g, (whole) => {
    if (whole.startsWith("&#")) {
      const unescaped = unescapeHtml(whole);
      return unescaped.includes(";") ? whole : unescaped;
    }
    const known = entity(whole);
    if (known !== undefined) return known;
    const small = whole.toLowerCase();
    if (whole !== whole.toUpperCase() || unescapeHtml(whole) !== whole) return whole;
    return entity(small)?.toUpperCase() ?? whole;
  });
}

/** What a whole reference with its semicolon stands for; undefined if it is none of HTML's. */
function entity(reference: string): string | undefined {
  const decoded = decodeHTML(reference);
  // Only its beginning was a reference if the semicolon is still there; `&semi;` is the one itself.
  if (decoded === reference || (decoded.endsWith(";") && reference !== "&semi;")) return undefined;
  return decoded;
}

function numeric(reference: string): string {
  const digits = reference.replace(/;$/, "").slice(1);
  const point = /^x/i.test(digits) ? parseInt(digits.slice(1), 16) : parseInt(digits, 10);
  if (point === 0) return "\ufffd";
  if (point === 0x0d) return "\r";
  if (point >= 0x80 && point <= 0x9f) {
    return decodeWindows1252(String.fromCharCode(point), true)!;
  }
  if ((point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff) return "\ufffd";
  const isControl = (point >= 0x1 && point <= 0x8) || point === 0xb ||
    (point >= 0xe && point <= 0x1f) || point === 0x7f;
  const isNoCharacter = (point >= 0xfdd0 && point <= 0xfdef) || (point & 0xfffe) === 0xfffe;
  return isControl || isNoCharacter ? "" : String.fromCodePoint(point);
}
