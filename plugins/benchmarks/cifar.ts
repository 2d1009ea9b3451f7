import { createHash } from "node:crypto";
import { join } from "node:path";
import type { ClassifiedPicture, ClassifiedPictures } from "./classified_pictures.ts";

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
  const lines = new TextDecoder().decode(await readFile(join(folder, layout.names))).split("\n");
  const classes = lines.map((line) => line.trim().replaceAll("_", " ")).filter((line) =>
    line !== ""
  );
  const pictures = await Array.fromAsync(layout[split], async (file) => {
    const path = join(folder, file);
    return readRows(path, file, await readFile(path), layout, classes.length);
  });
  return { classes, pictures: pictures.flat() };
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
