import type { Random } from "../../core/random.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What numbers become. */
const NUMBERS = ["0", "-1", "1e999", "-1e999", "99999999999999999999", "9007199254740993", "0.5"]
  .concat(["NaN", "Infinity", "null", "2147483648", "-2147483649", "1e21", "0x10", "٣", ""]);

/** What is put between characters. */
const PIECES = ['"', "'", ",", ";", "\t", "|", "\\", "\r", "\r\n", "\n\n", "\0", "\ufeff", "{", "]"]
  .concat(["\\ud800", "<|endoftext|>", "&amp;", "&#x110000;", "e\u0301\u0301", "\u200d", "́"])
  .concat(["=", "../", "__proto__", "[".repeat(20_000), '{"a":'.repeat(20_000)])
  .concat(["word ".repeat(20_000), "a".repeat(100_000), "&".repeat(5000), "ðŸ".repeat(3000)]);

const encoder = new TextEncoder();

/** One change of the bytes as the text that they are; what is not UTF-8 in them is lost. */
export function mutateText(bytes: Bytes, random: Random): Bytes {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return random.pick(changes)(text, random);
}

type Change = (text: string, random: Random) => Bytes;

const changes: readonly Change[] = [
  (text, random) => encoder.encode(replaceOne(text, /-?\d+(\.\d+)?/g, NUMBERS, random)),
  (text, random) =>
    encoder.encode(replaceOne(text, /"[^"\n]*"/g, ['""', "null", '"x', "{}"], random)),
  (text, random) => {
    const at = random.integer(text.length + 1);
    return encoder.encode(text.slice(0, at) + random.pick(PIECES) + text.slice(at));
  },
  (text, random) => encoder.encode(ofLines(text, random)),
  (text, random) =>
    encoder.encode(
      text.replaceAll(random.pick([",", "\n", '"', ":"]), random.pick(PIECES.slice(0, 12))),
    ),
  // A letter of Latin-1 in the middle; the whole as UTF-16; with a mark in front.
  (text, random) => {
    const at = random.integer(text.length + 1);
    return Uint8Array.from([
      ...encoder.encode(text.slice(0, at)),
      0xe9,
      ...encoder.encode(text.slice(at)),
    ]);
  },
  (text) =>
    new Uint8Array(Uint16Array.from(text.slice(0, 100_000), (unit) => unit.charCodeAt(0)).buffer),
  (text) => encoder.encode(`\ufeff${text}`),
];

/** Lines lost, doubled, in another order, or joined. */
function ofLines(text: string, random: Random): string {
  const lines = text.split("\n");
  const at = random.integer(lines.length);
  const line = lines[at]!;
  const changed = random.pick([[], [line, line], [line.slice(0, line.length / 2)], [line, ""]]);
  if (random.coin()) return random.shuffle(lines).join("\n");
  return lines.toSpliced(at, 1, ...changed).join(random.pick(["\n", "\n", "\r\n", "\r"]));
}

function replaceOne(
  text: string,
  pattern: RegExp,
  values: readonly string[],
  random: Random,
): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text + random.pick(values);
  const { 0: { length }, index } = random.pick(found);
  return text.slice(0, index) + random.pick(values) + text.slice(index + length);
}
