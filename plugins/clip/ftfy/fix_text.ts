/**
 * Text that is repaired before CLIP's tokenizers of OpenAI and open_clip see it: `fix_text` of ftfy
 * 6.3.1 with its usual settings (Robyn Speer, Apache License 2.0, see `ftfy_LICENSE`), in TypeScript.
 *
 * @module
 */
import { fixC1Controls, fixEncoding } from "./fix_encoding.ts";
import { unescapeUnambiguousHtml } from "./html_entities.ts";

/**
 * The text with straight quotes, without ligatures, full-width letters, control characters and
 * entities, composed (NFC), and with the encoding that it was meant to have.
 *
 * @example
 * ```ts
 * import { fixText } from "./fix_text.ts";
 *
 * console.assert(fixText("itâ€™s a â€œcafe\u0301â€\x9d") === `it's a "café"`);
 * ```
 */
export function fixText(text: string): string {
  // Nothing below changes such text, which nearly every caption is.
  if (/^[\x20-\x25\x27-\x7e]*$/.test(text)) return text;
  let unescapes = true;
  return text.split(/(?<=\n)/).map((line) => {
    // With a tag in it, the text may be HTML, whose entities mean something; so may what follows.
    unescapes &&= !line.includes("<");
    return fixLine(line, unescapes);
  }).join("");
}

function fixLine(line: string, unescapes: boolean): string {
  for (let before = "", now = line;;) {
    before = now;
    if (unescapes) now = unescapeUnambiguousHtml(now);
    now = fixC1Controls(fixEncoding(now))
      .replace(LIGATURES, (ligature) => LIGATURE_LETTERS[ligature] ?? ligature)
      .replace(WIDE_OR_NARROW, (form) => form === "\u3000" ? " " : form.normalize("NFKC"))
      .replace(/[\u201c-\u201f]/g, '"')
      .replace(/[\u02bc\u2018-\u201b]/g, "'")
      .replace(/\r\n|[\r\u2028\u2029\x85]/g, "\n")
      .toWellFormed()
      // deno-lint-ignore no-control-regex -- terminals' colours
      .replace(/\x1b\[[\d;]*[a-zA-Z]/g, "")
      .replace(CONTROL_CHARACTERS, "")
      .normalize("NFC");
    if (now === before) return now;
  }
}

// deno-lint-ignore no-control-regex -- they are removed
const CONTROL_CHARACTERS = /[\0-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g;

const WIDE_OR_NARROW = /[\u3000\uff01-\uffef]/g;

/** Of Latin letters; æ and œ are letters of their own. */
const LIGATURE_LETTERS: Readonly<Record<string, string>> = {
  "Ĳ": "IJ",
  "ĳ": "ij",
  "ŉ": "ʼn",
  "Ǳ": "DZ",
  "ǲ": "Dz",
  "ǳ": "dz",
  "Ǆ": "DŽ",
  "ǅ": "Dž",
  "ǆ": "dž",
  "Ǉ": "LJ",
  "ǈ": "Lj",
  "ǉ": "lj",
  "Ǌ": "NJ",
  "ǋ": "Nj",
  "ǌ": "nj",
  "ﬀ": "ff",
  "ﬁ": "fi",
  "ﬂ": "fl",
  "ﬃ": "ffi",
  "ﬄ": "ffl",
  "ﬅ": "ſt",
  "ﬆ": "st",
};
const LIGATURES = new RegExp(`[${Object.keys(LIGATURE_LETTERS).join("")}]`, "g");
