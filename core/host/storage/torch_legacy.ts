import type { ByteRange, TorchContents } from "./torch_contents.ts";
import { readInto } from "./file_range.ts";
import { keyText, PickleTooShort, type PickleValue, unpickle } from "./pickle.ts";
import { torchWorld } from "./torch_globals.ts";
import type { TorchStorage } from "./torch_tensor.ts";

/** What PyTorch writes first: 119547037146038801333356. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** How much is read before the storages at first; more if a pickle needs it. */
const FIRST_BYTES = 1 << 20;

/**
 * Reads the form that `torch.save` wrote before version 1.6: pickles of a magic number, a protocol,
 * facts about the machine, the object and the keys of its storages; then the storages, each as its
 * length (8 bytes) and its elements.
 *
 * @throws {SyntaxError} if the file is truncated, damaged or of another format.
 */
export async function readLegacyCheckpoint(
  path: string,
  file: Deno.FsFile,
  size: number,
): Promise<TorchContents> {
  const { root, keys, littleEndian, types, end } = await readPickles(path, file, size);
  const storages = new Map<string, ByteRange>();
  let at = end;
  for (const key of keys) {
    const storage = types.get(key);
    if (storage === undefined) {
      throw new SyntaxError(`${path}: the storage ${key} is listed but never used`);
    }
    const length = new DataView(new ArrayBuffer(8));
    await readInto(path, file, new Uint8Array(length.buffer), at);
    const count = Number(length.getBigInt64(0, littleEndian));
    const bytes = count * storage.itemSize;
    if (!(count >= 0) || at + 8 + bytes > size) {
      throw new SyntaxError(
        `${path}: the file is truncated: storage ${key} of ${count} elements at byte ${at} ` +
          `reaches past its ${size} bytes`,
      );
    }
    storages.set(key, { start: at + 8, size: bytes });
    at += 8 + bytes;
  }
  return { root, storages, bigEndian: !littleEndian, classes: new Set() };
}

interface Pickles {
  readonly root: PickleValue;
  readonly keys: readonly string[];
  readonly littleEndian: boolean;
  readonly types: ReadonlyMap<string, TorchStorage>;
  /** Where the storages begin. */
  readonly end: number;
}

async function readPickles(path: string, file: Deno.FsFile, size: number): Promise<Pickles> {
  for (let length = Math.min(FIRST_BYTES, size);; length = Math.min(2 * length, size)) {
    const bytes = new Uint8Array(length);
    await readInto(path, file, bytes, 0);
    try {
      return parsePickles(bytes);
    } catch (error) {
      if (error instanceof PickleTooShort && length < size) continue;
      if (!(error instanceof Error)) throw error;
      const reason = error instanceof PickleTooShort
        ? `the file is truncated: ${error.message}`
        : error.message;
      throw new SyntaxError(`${path}: ${reason}`, { cause: error });
    }
  }
}

function parsePickles(bytes: Uint8Array<ArrayBuffer>): Pickles {
  const types = new Map<string, TorchStorage>();
  const world = torchWorld(new Set());
  let at = 0;
  const next = (): PickleValue => {
    const { value, end } = unpickle(bytes, at, {
      ...world,
      persistent: (id) => {
        const storage = world.persistent(id) as TorchStorage;
        types.set(storage.key, storage);
        return storage;
      },
    });
    at = end;
    return value;
  };
  if (next() !== MAGIC) throw new SyntaxError("a pickle, but not one that torch.save has written");
  const protocol = next();
  if (protocol !== PROTOCOL) {
    throw new SyntaxError(`expected PyTorch's protocol ${PROTOCOL}, found ${protocol}`);
  }
  const machine = next();
  const root = next();
  const keys = next();
  if (!(machine instanceof Map) || !Array.isArray(keys)) {
    throw new SyntaxError("expected facts about the machine and a list of storages");
  }
  const littleEndian = machine.get("little_endian") !== false;
  return { root, keys: keys.map(keyText), littleEndian, types, end: at };
}
