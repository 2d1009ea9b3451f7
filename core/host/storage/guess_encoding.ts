/** What files begin with that are taken for text by mistake. */
const BEGINNINGS: readonly (readonly [string, string])[] = [
  ["PK\x03\x04", "in a ZIP archive, such as an Excel workbook: save it as CSV in UTF-8"],
  ["%PDF", "in a PDF"],
  ["PAR1", "in a Parquet file"],
  ["\xff\xd8\xff", "in a JPEG picture"],
  ["\x89PNG", "in a PNG picture"],
  ["\xd0\xcf\x11\xe0", "in an old Excel or Word file: save it as CSV in UTF-8"],
  ["\xff\xfe", convert("UTF-16")],
  ["\xfe\xff", convert("UTF-16")],
];

/**
 * What bytes that are not UTF-8 look like, for people, and how to convert them.
 *
 * @param at The offset of the first byte that is not UTF-8.
 */
export function guessEncoding(bytes: Uint8Array, at: number): string {
  const start = String.fromCharCode(...bytes.subarray(0, 8));
  const known = BEGINNINGS.find(([beginning]) => start.startsWith(beginning));
  if (known !== undefined) return known[1];
  const zeros = bytes.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  if (zeros > 0) return zeros > bytes.length / 4 ? convert("UTF-16") : "in a binary file";
  const runs = highRuns(bytes.subarray(at));
  const single = runs.filter((run) => run.length === 1).length;
  // Western languages have one such letter at a time; Chinese has pairs, each byte from 0xa1 on.
  if (single > runs.length / 2) return convert("Latin-1 (Windows-1252)", "WINDOWS-1252");
  if (runs.some(hasKana)) return convert("Shift_JIS");
  const pairs = runs.filter((run) => run.length % 2 === 0).length;
  if (pairs > runs.length / 2) return convert("GB18030 (or Big5, EUC-KR)", "GB18030");
  return convert("Windows-1251 or another encoding of one byte a letter", "WINDOWS-1251");
}

/** Whether a pair begins as the Japanese syllables of Shift_JIS do. */
function hasKana(run: Uint8Array): boolean {
  return run.some((byte, i) => i % 2 === 0 && byte >= 0x82 && byte <= 0x83);
}

/** The stretches of bytes beyond ASCII; the last one may be cut. */
function highRuns(bytes: Uint8Array): readonly Uint8Array[] {
  const runs: Uint8Array[] = [];
  for (let i = 0; i < bytes.length; i++) {
    const start = i;
    while (i < bytes.length && bytes[i]! >= 0x80) i++;
    if (i > start) runs.push(bytes.subarray(start, i));
  }
  return runs;
}

function convert(name: string, iconv: string = name): string {
  return `in ${name}; convert it with: iconv -f ${iconv} -t UTF-8`;
}
