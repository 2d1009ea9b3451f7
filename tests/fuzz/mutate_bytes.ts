import type { Random } from "../../core/random.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Numbers at which programs that count go wrong. */
const EDGES: readonly bigint[] = [0n, 1n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0xffffn]
  .concat([0x7fffffffn, 0x80000000n, 0xffffffffn, 1n << 40n, 1n << 53n, (1n << 63n) - 1n])
  .concat([1n << 63n, (1n << 64n) - 1n]);

/** One change of the bytes; `others` are files of the same kind that a part may come from. */
export function mutateBytes(bytes: Bytes, random: Random, others: readonly Bytes[]): Bytes {
  if (bytes.length === 0) return Uint8Array.of(random.integer(256));
  return random.pick(changes)(bytes, random, others);
}

type Change = (bytes: Bytes, random: Random, others: readonly Bytes[]) => Bytes;

const changes: readonly Change[] = [
  flipBits,
  writeNumber,
  writeNumber,
  writeVarint,
  (bytes, random) => bytes.slice(0, random.integer(bytes.length)),
  (bytes, random) => bytes.slice(random.integer(bytes.length)),
  (bytes, random) => withBlock(bytes, random, () => new Uint8Array(0)),
  (bytes, random) =>
    withBlock(bytes, random, (block) => repeat(block, random.pick([2, 3, 50, 1000]))),
  (bytes, random) => withBlock(bytes, random, (block) => new Uint8Array(block.length)),
  (bytes, random) =>
    withBlock(bytes, random, (block) => block.map(() => random.integer(256)) as Bytes),
  swapBlocks,
  (bytes, random, others) => {
    const other = random.pick(others);
    const cut = random.integer(bytes.length);
    return join(bytes.slice(0, cut), other.slice(Math.min(other.length, cut)));
  },
];

function flipBits(bytes: Bytes, random: Random): Bytes {
  const result = bytes.slice();
  for (let count = 1 + random.integer(8); count > 0; count--) {
    // The beginning of a file tells how the rest is to be read.
    const at = random.integer(random.coin() ? bytes.length : Math.min(bytes.length, 128));
    result[at]! ^= 1 << random.integer(8);
  }
  return result;
}

/** A length or an offset becomes huge, negative, or off by a little. */
function writeNumber(bytes: Bytes, random: Random): Bytes {
  const result = bytes.slice();
  const view = new DataView(result.buffer);
  const width = random.pick([1, 2, 4, 8]);
  if (bytes.length < width) return flipBits(bytes, random);
  const reach = bytes.length - width + 1;
  const at = random.integer(random.coin() ? reach : Math.min(reach, 256));
  const near = BigInt(bytes.length + random.pick([-1, 0, 1]));
  const value = random.coin() ? random.pick(EDGES) : near;
  const little = random.coin();
  if (width === 1) view.setUint8(at, Number(BigInt.asUintN(8, value)));
  if (width === 2) view.setUint16(at, Number(BigInt.asUintN(16, value)), little);
  if (width === 4) view.setUint32(at, Number(BigInt.asUintN(32, value)), little);
  if (width === 8) view.setBigUint64(at, BigInt.asUintN(64, value), little);
  return result;
}

/** A number in groups of seven bits, as Parquet and protocol buffers have them, becomes huge. */
function writeVarint(bytes: Bytes, random: Random): Bytes {
  const result = bytes.slice();
  const width = Math.min(bytes.length, 1 + random.integer(9));
  const at = random.integer(bytes.length - width + 1);
  result.fill(0xff, at, at + width);
  result[at + width - 1] = random.integer(128);
  return result;
}

function withBlock(bytes: Bytes, random: Random, change: (block: Bytes) => Bytes): Bytes {
  const start = random.integer(bytes.length);
  const longest = random.pick([4, 32, 512, bytes.length]);
  const end = Math.min(bytes.length, start + 1 + random.integer(longest));
  return join(bytes.slice(0, start), change(bytes.slice(start, end)), bytes.slice(end));
}

function swapBlocks(bytes: Bytes, random: Random): Bytes {
  const [a, b, c] = [0, 1, 2].map(() => random.integer(bytes.length + 1)).sort((x, y) => x - y);
  return join(bytes.slice(0, a), bytes.slice(b, c), bytes.slice(a, b), bytes.slice(c));
}

/** The most bytes that a repeated block grows to. */
const LARGEST = 1 << 18;

function repeat(block: Bytes, times: number): Bytes {
  const count = Math.max(2, Math.min(times, Math.floor(LARGEST / block.length)));
  return join(...Array.from({ length: count }, () => block));
}

/** Bytes one after another. */
export function join(...parts: readonly Bytes[]): Bytes {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
