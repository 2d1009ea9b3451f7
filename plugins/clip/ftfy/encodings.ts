/**
 * The single-byte encodings that text is mistaken for, as ftfy's codecs have them.
 *
 * @module
 */

/** An encoding of a byte a character. */
export interface SingleByteEncoding {
  /** Its name in ftfy. */
  readonly name: string;
  /** The bytes of a text, as characters U+0000 to U+00FF; undefined if a character has none. */
  encode(text: string): string | undefined;
}

// The only one that `TextDecoder` does not know: bytes 0x80 to 0xFF.
const CP437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
  "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\xa0";

/** In the order in which they are tried. */
export const encodings: readonly SingleByteEncoding[] = [
  encoding("latin-1", (byte) => String.fromCharCode(byte)),
  ...["1252", "1251", "1250", "1253", "1254", "1257"].map((page) =>
    encoding(`sloppy-windows-${page}`, decoderOf(`windows-${page}`), true)
  ),
  encoding("iso-8859-2", decoderOf("iso-8859-2")),
  encoding("macroman", decoderOf("macintosh")),
  encoding("cp437", (byte) => CP437[byte - 128]!),
];

/**
 * Text of bytes (as characters) in Windows-1252.
 *
 * @returns undefined where a byte has no character, unless `sloppy`: then the byte's own.
 */
export function decodeWindows1252(bytes: string, sloppy: boolean): string | undefined {
  let text = "";
  for (const each of bytes) {
    const byte = each.charCodeAt(0);
    if (!sloppy && [0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte)) return undefined;
    text += byte < 128 ? each : windows1252(byte);
  }
  return text;
}

const windows1252 = decoderOf("windows-1252");

/** A byte without a character of its own stands for that of Latin-1: what makes a codec "sloppy". */
function decoderOf(label: string): (byte: number) => string {
  const decoder = new TextDecoder(label);
  return (byte) => {
    const character = decoder.decode(Uint8Array.of(byte));
    return character === "\ufffd" ? String.fromCharCode(byte) : character;
  };
}

function encoding(
  name: string,
  decode: (byte: number) => string,
  sloppy = false,
): SingleByteEncoding {
  const bytes = new Map<string, string>();
  for (let byte = 0; byte < 256; byte++) {
    const character = byte < 128 ? String.fromCharCode(byte) : decode(byte);
    bytes.set(character, String.fromCharCode(byte));
  }
  if (sloppy) {
    // What was lost already when the text was read.
    bytes.delete("\x1a");
    bytes.set("\ufffd", "\x1a");
  }
  return {
    name,
    encode: (text) => {
      let encoded = "";
      for (const character of text) {
        const byte = bytes.get(character);
        if (byte === undefined) return undefined;
        encoded += byte;
      }
      return encoded;
    },
  };
}
