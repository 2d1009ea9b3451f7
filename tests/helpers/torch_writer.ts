/**
 * Writes checkpoints as `torch.save` does, for tests that need shapes of their own.
 *
 * @module
 */
import { crc32 } from "node:zlib";

/** A tensor of a checkpoint: a view of a storage. */
export interface TensorView {
  /** The name of the type in PyTorch: `"Float"` for `torch.FloatStorage`. */
  readonly type: string;
  /** The storage that it views; equal objects are written once. */
  readonly storage: Uint8Array<ArrayBuffer>;
  /** Elements of the storage. */
  readonly elements: number;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A float tensor with a storage of its own, in row-major order. */
export function floats(shape: readonly number[], data: Float32Array): TensorView {
  const storage = new Uint8Array(new Float32Array(data).buffer);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  return { type: "Float", storage, elements: data.length, offset: 0, shape, strides };
}

/** The bytes of an archive with these tensors; with ZIP64 records if they are asked for. */
export function torchArchive(
  tensors: Readonly<Record<string, TensorView>>,
  { zip64 = false }: { readonly zip64?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const storages = [...new Set(Object.values(tensors).map(({ storage }) => storage))];
  const pickle = [
    ...[0x80, 2, ...ascii("}(")],
    ...Object.entries(tensors).flatMap(([name, tensor]) => [
      ...unicode(name),
      ...tensorPickle(tensor, String(storages.indexOf(tensor.storage))),
    ]),
    ...ascii("u."),
  ];
  const files: (readonly [string, Uint8Array])[] = [
    ["archive/data.pkl", Uint8Array.from(pickle)],
    ...storages.map((bytes, key) => [`archive/data/${key}`, bytes] as const),
  ];
  return zipArchive(files, zip64);
}

/** A zip archive whose files are stored as they are. */
export function zipArchive(
  files: readonly (readonly [string, Uint8Array])[],
  zip64: boolean,
): Uint8Array<ArrayBuffer> {
  const parts: number[][] = [];
  const directory: number[] = [];
  let at = 0;
  const add = (bytes: number[]) => {
    parts.push(bytes);
    at += bytes.length;
  };
  for (const [name, data] of files) {
    const start = at;
    const facts = [...u16(0), ...u16(0), ...u32(0), ...u32(crc32(data))];
    const sizes = [...u32(data.length), ...u32(data.length)];
    // PyTorch pads with an extra field that the directory does not have.
    const padding = [...ascii("FB"), ...u16(3), 90, 90, 90];
    const lengths = [...u16(name.length), ...u16(padding.length)];
    const local = [...ascii("PK\x03\x04"), ...u16(45), ...facts, ...sizes, ...lengths];
    add([...local, ...ascii(name), ...padding, ...data]);
    const wide = [...u16(1), ...u16(24), ...u64(data.length), ...u64(data.length), ...u64(start)];
    const extra = zip64 ? wide : [];
    directory.push(
      ...ascii("PK\x01\x02"),
      ...u16(45),
      ...u16(45),
      ...facts,
      ...(zip64 ? [...u32(0xffffffff), ...u32(0xffffffff)] : sizes),
      ...[...u16(name.length), ...u16(extra.length), ...u16(0), ...u16(0), ...u16(0), ...u32(0)],
      ...u32(zip64 ? 0xffffffff : start),
      ...ascii(name),
      ...extra,
    );
  }
  const begin = at;
  add(directory);
  if (zip64) {
    const end = at;
    const counts = [...u64(files.length), ...u64(files.length)];
    const places = [...u64(directory.length), ...u64(begin)];
    const versions = [...u16(45), ...u16(45), ...u32(0), ...u32(0)];
    add([...ascii("PK\x06\x06"), ...u64(44), ...versions, ...counts, ...places]);
    add([...ascii("PK\x06\x07"), ...u32(0), ...u64(end), ...u32(1)]);
  }
  const count = u16(zip64 ? 0xffff : files.length);
  const size = u32(zip64 ? 0xffffffff : directory.length);
  const start = u32(zip64 ? 0xffffffff : begin);
  add([...ascii("PK\x05\x06"), ...u32(0), ...count, ...count, ...size, ...start, ...u16(0)]);
  const result = new Uint8Array(at);
  let place = 0;
  for (const part of parts) {
    result.set(part, place);
    place += part.length;
  }
  return result;
}

/** `_rebuild_tensor_v2(storage, offset, shape, strides, False, OrderedDict())` */
function tensorPickle(tensor: TensorView, key: string): number[] {
  const { type, elements, offset, shape, strides } = tensor;
  return [
    ...ascii("ctorch._utils\n_rebuild_tensor_v2\n("),
    ...[...ascii("("), ...unicode("storage"), ...ascii(`ctorch\n${type}Storage\n`)],
    ...[...unicode(key), ...unicode("cpu"), ...integer(elements), ...ascii("tQ")],
    ...[...integer(offset), ...tuple(shape), ...tuple(strides), 0x89],
    ...ascii("ccollections\nOrderedDict\n)RtR"),
  ];
}

const ascii = (text: string) => [...text].map((each) => each.charCodeAt(0));
const u16 = (value: number) => [value & 255, value >>> 8];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
const u64 = (value: number) => [...u32(value), ...u32(0)];
const integer = (value: number) => [...ascii("J"), ...u32(value)];
const tuple = (values: readonly number[]) => [
  ...ascii("("),
  ...values.flatMap(integer),
  ...ascii("t"),
];

function unicode(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [...ascii("X"), ...u32(bytes.length), ...bytes];
}
