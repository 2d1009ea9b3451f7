/**
 * The two formats that TensorBoard's event files are made of: TFRecord frames, and in each an Event
 * message (tensorflow/core/lib/io/record_writer.cc, tensorflow/core/util/event.proto).
 *
 * @module
 */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Values at a step. */
export interface ScalarEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  /** The step that they belong to. */
  readonly step: number;
  /** Values by tag. */
  readonly scalars: readonly (readonly [tag: string, value: number])[];
}

/** The first event of every file. */
export function versionEvent(wallTime: number): Uint8Array<ArrayBuffer> {
  const event = new BinaryWriter();
  event.tag(1, WireType.Bit64).double(wallTime);
  event.tag(3, WireType.LengthDelimited).string("brain.Event:2");
  return event.finish();
}

/** Event { wall_time = 1, step = 2, summary = 5 }, Summary { value = 1 }, Value { tag, simple_value } */
export function scalarEvent({ wallTime, step, scalars }: ScalarEvent): Uint8Array<ArrayBuffer> {
  const event = new BinaryWriter();
  event.tag(1, WireType.Bit64).double(wallTime);
  event.tag(2, WireType.Varint).int64(step);
  event.tag(5, WireType.LengthDelimited).fork();
  for (const [tag, value] of scalars) {
    event.tag(1, WireType.LengthDelimited).fork();
    event.tag(1, WireType.LengthDelimited).string(tag);
    event.tag(2, WireType.Bit32).float(value);
    event.join();
  }
  event.join();
  return event.finish();
}

/** The step of an event; 0 for one that has none. */
export function stepOfEvent(event: Uint8Array): number {
  const reader = new BinaryReader(event);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 2) return Number(reader.int64());
    reader.skip(type, field);
  }
  return 0;
}

/** A frame: length and its checksum, data and its checksum. */
export function frame(data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16 + data.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return bytes;
}

/** The data of whole, undamaged frames; what follows the first that is not is left out. */
export function readFrames(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at + 16 <= bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    if (view.getUint32(at + 8, true) !== maskedCrc(bytes.subarray(at, at + 8))) break;
    if (at + 16 + length > bytes.length) break;
    const data = bytes.subarray(at + 12, at + 12 + length);
    if (view.getUint32(at + 12 + length, true) !== maskedCrc(data)) break;
    frames.push(data);
    at += 16 + length;
  }
  return frames;
}

/** CRC-32C (Castagnoli), for which zlib has no function, turned and shifted as TFRecord asks. */
function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 255]!;
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0x82f63b78 : 0);
  return value;
});
