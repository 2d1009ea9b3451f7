import type { ByteRange, TorchContents } from "./torch_contents.ts";
import { shortened } from "../../shortened.ts";
import { readInto } from "./file_range.ts";
import { PickleTooShort, unpickle } from "./pickle.ts";
import { findStateDict } from "./state_dict.ts";
import { type TensorFile, tensorFile } from "./tensor_file.ts";
import { torchWorld } from "./torch_globals.ts";
import { readLegacyCheckpoint } from "./torch_legacy.ts";
import { gather, type TorchTensor } from "./torch_tensor.ts";
import { dataStart, readZipDirectory, type ZipEntry } from "./zip_directory.ts";

/**
 * Opens a checkpoint of PyTorch: what `torch.save` writes (a zip archive, or before version 1.6 a
 * run of pickles), or an archive of TorchScript such as OpenAI published. Tensors are found
 * under `state_dict`, `model_state_dict` or `model`, such a name within another too, or else under one
 * of averaged weights (`ema`, `model_ema`) or in the dictionary itself; prefixes that all names share
 * (`module.`) are left out.
 *
 * No code of the file is run: tensors and plain containers are read, and a file that asks for
 * anything else is refused, naming it. (NumPy's numbers and `argparse.Namespace` are passed over, and
 * so are tensors of types that are not read, in parts that are not the model.)
 * Tensors are read one at a time when they are asked for.
 *
 * @param part The name of the model's dictionary, such as `model_ema`, where there are several; of no
 *   effect if there is none of that name.
 * @returns The tensors; in `metadata` the words and numbers that stand beside them (such as
 *   `epoch`), and under `torchscript.classes` the classes that a TorchScript archive uses.
 * @throws {SyntaxError} if the file is truncated, damaged, of another format, or asks for code.
 * @throws {RangeError} if there are weights and averaged weights and `part` names neither.
 * @throws {Deno.errors.NotFound} if there is no such file.
 */
export async function openTorchCheckpoint(path: string, part?: string): Promise<TensorFile> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  const magic = new Uint8Array(4);
  await readInto(path, file, magic, 0);
  const isZip = magic[0] === 0x50 && magic[1] === 0x4b;
  const contents = isZip
    ? await readArchive(path, file, size)
    : await readLegacyCheckpoint(path, file, size);
  return fileOf(path, contents, part);
}

function fileOf(
  path: string,
  { root, storages, bigEndian, classes }: TorchContents,
  asked: string | undefined,
): TensorFile {
  const { tensors, metadata, part } = named(path, () => findStateDict(root, asked));
  for (const [name, tensor] of tensors) checkRange(path, name, tensor, storages);
  return tensorFile({
    path,
    ...(part === undefined ? {} : { part }),
    metadata: {
      ...metadata,
      ...(classes.size === 0 ? {} : { "torchscript.classes": [...classes].join(" ") }),
    },
    entries: tensors,
    read: async (tensor) => {
      const { itemSize, offset, span } = tensor;
      const bytes = new Uint8Array(span * itemSize);
      using file = await Deno.open(path);
      const { start } = storages.get(tensor.storage.key)!;
      await readInto(path, file, bytes, start + offset * itemSize);
      return gather(tensor, bytes, bigEndian);
    },
  });
}

/**
 * The most values of a tensor that repeats some of its storage (`expand`): a file of a few bytes
 * could else ask for more memory than there is.
 */
const MOST_SHARED = 2 ** 26;

/** Every tensor lies inside its storage, so a file that opens can be read. */
function checkRange(
  path: string,
  name: string,
  { storage, offset, span, shape, itemSize }: TorchTensor,
  storages: ReadonlyMap<string, ByteRange>,
): void {
  const range = storages.get(storage.key);
  if (range === undefined) {
    throw new SyntaxError(
      `${path}: the values of tensor "${shortened(name)}" (${shortened(storage.key)}) are missing`,
    );
  }
  const values = shape.reduce((a, b) => a * b, 1);
  if (values > span && values > MOST_SHARED) {
    throw new SyntaxError(
      `${path}: tensor "${shortened(name)}" has ${values} values on ${span} places of its storage`,
    );
  }
  const end = (offset + span) * itemSize;
  if (span > 0 && !(end <= range.size)) {
    throw new SyntaxError(
      `${path}: tensor "${
        shortened(name)
      }" reaches to byte ${end} of its storage, which has ${range.size}`,
    );
  }
}

async function readArchive(
  path: string,
  file: Deno.FsFile,
  size: number,
): Promise<TorchContents> {
  const entries = await readZipDirectory(path, file, size);
  const pickle = entries.find(({ name }) => /^([^/]+\/)?data\.pkl$/.test(name));
  if (pickle === undefined) {
    throw new SyntaxError(
      `${path}: expected an archive with data.pkl, as torch.save writes, found ` +
        (entries.length === 0 ? "an empty one" : `one with ${entries[0]!.name}`),
    );
  }
  const folder = pickle.name.slice(0, -"data.pkl".length);
  const classes = new Set<string>();
  const bytes = await readEntry(path, file, pickle);
  const { value } = named(path, () => unpickle(bytes, 0, torchWorld(classes)));
  const storages = new Map<string, ByteRange>();
  for (const entry of entries) {
    if (!entry.name.startsWith(`${folder}data/`)) continue;
    const key = entry.name.slice(`${folder}data/`.length);
    storages.set(key, { start: await storedAt(path, file, entry), size: entry.size });
  }
  const order = entries.find(({ name }) => name === `${folder}byteorder`);
  const bigEndian = order !== undefined &&
    new TextDecoder().decode(await readEntry(path, file, order)) === "big";
  return { root: value, storages, bigEndian, classes };
}

async function readEntry(
  path: string,
  file: Deno.FsFile,
  entry: ZipEntry,
): Promise<Uint8Array<ArrayBuffer>> {
  const start = await storedAt(path, file, entry);
  const bytes = new Uint8Array(entry.size);
  await readInto(path, file, bytes, start);
  return bytes;
}

async function storedAt(path: string, file: Deno.FsFile, entry: ZipEntry): Promise<number> {
  if (entry.stored) return await dataStart(path, file, entry);
  throw new SyntaxError(
    `${path}: ${entry.name} is compressed or encrypted in the archive; torch.save stores files as ` +
      "they are",
  );
}

/** Faults of the contents, with the file's name before them. */
function named<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof PickleTooShort) {
      throw new SyntaxError(`${path}: the file is truncated: ${error.message}`, { cause: error });
    }
    if (error instanceof SyntaxError) {
      throw new SyntaxError(`${path}: ${error.message}`, { cause: error });
    }
    if (error instanceof RangeError) {
      throw new RangeError(`${path}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
