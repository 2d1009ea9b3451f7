import { createHash } from "node:crypto";
import { join } from "node:path";
import { decodeText } from "../../../core/host/storage/read_text.ts";
import type { Raster } from "../../../core/images/raster.ts";
import type { ClassifiedPicture, ClassifiedPictures } from "./classified_picture.ts";

const SIDE = 32;
const PIXELS = SIDE * SIDE;

/** CIFAR's binary version: how the files are named, and where the label stands in a row. */
const LAYOUTS = {
  cifar10: {
    names: "batches.meta.txt",
    train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
    test: ["test_batch.bin"],
    labels: 1,
    label: 0,
  },
  // A coarse label of 20 stands before the fine one of 100.
  cifar100: {
    names: "fine_label_names.txt",
    train: ["train.bin"],
    test: ["test.bin"],
    labels: 2,
    label: 1,
  },
} as const;

/**
 * Which of CIFAR's binary versions a folder holds, if any: the one whose class names are there.
 */
export async function findCifar(folder: string): Promise<"cifar10" | "cifar100" | undefined> {
  for (const name of ["cifar10", "cifar100"] as const) {
    const names = join(folder, LAYOUTS[name].names);
    if (await Deno.stat(names).then((info) => info.isFile, () => false)) return name;
  }
  return undefined;
}

/**
 * The pictures of CIFAR-10 or CIFAR-100 from the binary version of its page
 * (https://www.cs.toronto.edu/~kriz/cifar.html): rows of labels and 32 × 32 pixels, red, green and
 * blue one after another. Class names have `_` replaced by spaces.
 *
 * @param folder `cifar-10-batches-bin` or `cifar-100-binary`.
 * @throws {RangeError} if a file is missing.
 * @throws {SyntaxError} if a file does not hold whole rows, or a label that is no class.
 */
export async function readCifar(
  folder: string,
  name: "cifar10" | "cifar100",
  split: "train" | "test",
): Promise<ClassifiedPictures> {
  const layout = LAYOUTS[name];
  const names = join(folder, layout.names);
  const lines = decodeText(await readFile(names), names).split("\n");
  const classes = lines.map((line) => line.trim().replaceAll("_", " ")).filter((line) =>
    line !== ""
  );
  const pictures = await Array.fromAsync(layout[split], async (file) => {
    const path = join(folder, file);
    return readRows(path, file, await readFile(path), layout, classes.length);
  });
  return { classes, pictures: pictures.flat() };
}

/**
 * A picture of CIFAR's binary version by the name that results give it: its file and its row there,
 * `"test_batch.bin/17"`.
 *
 * @returns undefined if that is no name of a picture of CIFAR, or it is not in the folder.
 */
export async function readCifarPicture(folder: string, name: string): Promise<Raster | undefined> {
  const [, file = "", row] = /^(\w+\.bin)\/(\d+)$/.exec(name) ?? [];
  const layout = Object.values(LAYOUTS).find(({ train, test }) =>
    [...train, ...test].includes(file)
  );
  if (layout === undefined) return undefined;
  const { labels } = layout;
  try {
    using open = await Deno.open(join(folder, file));
    await open.seek(Number(row) * (labels + 3 * PIXELS) + labels, Deno.SeekMode.Start);
    const planes = new Uint8Array(3 * PIXELS);
    if (await open.read(planes) !== planes.length) return undefined;
    return { width: SIDE, height: SIDE, data: interleave(planes) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function readRows(
  path: string,
  file: string,
  bytes: Uint8Array,
  { labels, label: at }: { readonly labels: number; readonly label: number },
  classes: number,
): ClassifiedPicture[] {
  const each = labels + 3 * PIXELS;
  if (bytes.length === 0 || bytes.length % each !== 0) {
    throw new SyntaxError(
      `${path}: expected rows of ${each} bytes, found ${bytes.length} bytes in all`,
    );
  }
  return Array.from({ length: bytes.length / each }, (_, row) => {
    const label = bytes[row * each + at]!;
    if (label >= classes) {
      throw new SyntaxError(
        `${path}, row ${row}: expected a label below ${classes}, found ${label}`,
      );
    }
    const planes = bytes.subarray(row * each + labels, (row + 1) * each);
    return {
      id: `${file}/${row}`,
      label,
      read: () => Promise.resolve({ width: SIDE, height: SIDE, data: interleave(planes) }),
      key: () => Promise.resolve(`cifar ${createHash("sha256").update(planes).digest("hex")}`),
    };
  });
}

function interleave(planes: Uint8Array): Uint8Array {
  return Uint8Array.from(
    { length: 3 * PIXELS },
    (_, index) => planes[(index % 3) * PIXELS + Math.floor(index / 3)]!,
  );
}

async function readFile(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new RangeError(
      `${path}: expected a file of CIFAR's binary version ` +
        "(https://www.cs.toronto.edu/~kriz/cifar.html), found none",
    );
  }
}
