/**
 * A header of pax with one record, which tells of the member behind it what its own header has no
 * room for: a member of type `x` in a tar archive.
 */
export function paxHeader(key: string, value: string): Uint8Array<ArrayBuffer> {
  // The length counts its own digits.
  const rest = ` ${key}=${value}\n`.length;
  const length = [1, 2, 3].map((digits) => rest + digits)
    .find((length, i) => String(length).length === i + 1)!;
  const record = `${length} ${key}=${value}\n`;
  const bytes = new Uint8Array(1024);
  const write = (text: string, at: number) =>
    void new TextEncoder().encodeInto(text, bytes.subarray(at));
  write("PaxHeader", 0);
  write("0000644\0", 100);
  write(`${record.length.toString(8).padStart(11, "0")}\0`, 124);
  write("        x", 148);
  write("ustar\x0000", 257);
  const sum = bytes.subarray(0, 512).reduce((a, b) => a + b, 0);
  write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  write(record, 512);
  return bytes;
}
