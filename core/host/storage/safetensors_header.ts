import { describeFound } from "../../settings_error.ts";
import { shortened } from "../../shortened.ts";
import {
  isSafetensorsDtype,
  type SafetensorsDtype,
  tensorDataClasses,
} from "./safetensors_dtype.ts";

/** What a header says of one tensor. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** First byte, counted from the end of the header. */
  readonly start: number;
  /** The byte after the last. */
  readonly end: number;
}

/** A header that has been checked against itself. */
export interface Header {
  /** In the order in which the tensors stand in the file. */
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The longest header that the reference implementation reads: 100 MB. */
export const MAX_HEADER_BYTES = 100_000_000;

/**
 * The header of a safetensors file, held to the same rules as the reference implementation's:
 * tensors follow one another without gap or overlap, and each has the bytes that its type and shape
 * ask for. Extra keys in metadata or beside a tensor's own are passed over.
 *
 * @param path Named in messages.
 * @param bytes The header's bytes, without the length before them.
 * @throws {SyntaxError} naming the file and the first fault.
 */
export function parseHeader(path: string, bytes: Uint8Array<ArrayBuffer>): Header {
  const fail = (fault: string): never => {
    throw new SyntaxError(`${path}: ${fault}`);
  };
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    fail(`the header is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (!isObject(json)) return fail(`the header is not a JSON object`);

  const metadata: Record<string, string> = {};
  const entries: HeaderEntry[] = [];
  for (const [name, value] of Object.entries(json)) {
    if (name === "__metadata__") {
      if (!isObject(value)) return fail(`"__metadata__" is not a JSON object`);
      for (const [key, text] of Object.entries(value)) {
        if (typeof text !== "string") return fail(`metadata "${shortened(key)}" is not a string`);
        metadata[key] = text;
      }
    } else {
      entries.push(parseEntry(name, value, fail));
    }
  }
  entries.sort((a, b) => a.start - b.start || a.end - b.end);
  let end = 0;
  for (const entry of entries) {
    if (entry.start !== end) {
      fail(
        `tensor "${
          shortened(entry.name)
        }" starts at byte ${entry.start} of the data, expected ${end}: ` +
          (entry.start < end ? "it overlaps the tensor before it" : "there is a gap before it"),
      );
    }
    end = entry.end;
  }
  return { entries, metadata };
}

function parseEntry(key: string, value: unknown, fail: (fault: string) => never): HeaderEntry {
  const name = shortened(key);
  if (!isObject(value)) return fail(`tensor "${name}" is not described by a JSON object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isSafetensorsDtype(dtype)) {
    return fail(
      `tensor "${name}" has the type ${describeFound(dtype)}, expected one of ` +
        Object.keys(tensorDataClasses).join(", "),
    );
  }
  if (!isCounts(shape)) {
    return fail(`tensor "${name}" has the shape ${describeFound(shape)}, expected whole numbers`);
  }
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    return fail(
      `tensor "${name}" has the data_offsets ${describeFound(offsets)}, expected [start, end]`,
    );
  }
  const [start, end] = [offsets[0]!, offsets[1]!];
  const bytes = byteLength(dtype, shape);
  if (end - start !== bytes) {
    return fail(
      `tensor "${name}" has ${end - start} bytes, expected ${bytes} for ${dtype} ` +
        shortened(`[${shape.join(", ")}]`),
    );
  }
  return { name: key, dtype, shape, start, end };
}

/**
 * The header of a file whose bytes are at hand, and where its tensors begin.
 *
 * @throws {SyntaxError} if the bytes are cut short, damaged or of another format.
 */
export function readHeaderBytes(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
): { header: Header; dataStart: number } {
  if (bytes.length < 8) throw cutShort(path, 8, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataStart = 8 + headerLength(path, view);
  if (bytes.length < dataStart) throw cutShort(path, dataStart, bytes.length);
  const header = parseHeader(path, bytes.slice(8, dataStart));
  const end = dataStart + (header.entries.at(-1)?.end ?? 0);
  if (bytes.length !== end) throw cutShort(path, end, bytes.length);
  return { header, dataStart };
}

function cutShort(path: string, expected: number, found: number): SyntaxError {
  return new SyntaxError(`${path}: expected ${expected} bytes, found ${found}`);
}

/**
 * How long the header is by the first eight bytes.
 *
 * @throws {SyntaxError} if that is more than any header has.
 */
export function headerLength(path: string, view: DataView): number {
  const length = view.getBigUint64(0, true);
  if (length <= MAX_HEADER_BYTES) return Number(length);
  throw new SyntaxError(
    `${path}: not a safetensors file: its first 8 bytes give a header of ${length} bytes, ` +
      `expected at most ${MAX_HEADER_BYTES}`,
  );
}

/** Bytes that a tensor takes. */
export function byteLength(dtype: SafetensorsDtype, shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, tensorDataClasses[dtype].BYTES_PER_ELEMENT);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
