// Files that a visitor brings, and takes along.

/** @typedef {import("../../../../core/images/raster.ts").Raster} Raster */

/** The model sees 48 pixels; a larger picture than this only costs time. */
const LONGEST_SIDE = 1024;

/**
 * The pixels of a picture's file, on white where it is transparent.
 *
 * @param {Blob} file
 * @returns {Promise<Raster>}
 */
export async function readPicture(file) {
  const bitmap = await createImageBitmap(file);
  const shrink = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  /** @param {number} side */
  const shrunk = (side) => Math.max(1, Math.round(shrink * side));
  const [width, height] = [shrunk(bitmap.width), shrunk(bitmap.height)];
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    pixels.set(data.subarray(4 * pixel, 4 * pixel + 3), 3 * pixel);
  }
  return { width, height, data: pixels };
}

/** @typedef {{ name: string, file: File }} Brought A file by its path in what was brought. */

/**
 * The files of what was dropped, those in folders too.
 *
 * @param {DataTransfer} transfer
 * @returns {Promise<Brought[]>}
 */
export async function droppedFiles(transfer) {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return (await Promise.all(entries.map(filesOf))).flat();
}

/**
 * The files of a control, those of a folder by their paths in it.
 *
 * @param {HTMLInputElement} input
 * @returns {Brought[]}
 */
export function chosenFiles({ files }) {
  return [...files ?? []].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<Brought[]>}
 */
async function filesOf(entry) {
  if (entry.isFile) {
    const { promise, resolve, reject } = Promise.withResolvers();
    /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject);
    return [{ name: entry.fullPath.replace(/^\//, ""), file: await promise }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const found = [];
  // A reader gives so many at a time, and none when it is through.
  for (;;) {
    const { promise, resolve, reject } = Promise.withResolvers();
    reader.readEntries(resolve, reject);
    const entries = /** @type {FileSystemEntry[]} */ (await promise);
    if (entries.length === 0) return found;
    found.push(...(await Promise.all(entries.map(filesOf))).flat());
  }
}

/**
 * Saves a file where the browser puts what it downloads.
 *
 * @param {import("./page_model.ts").PageFile} file
 */
export function saveFile({ name, bytes }) {
  const link = document.createElement("a");
  const address = URL.createObjectURL(new Blob([bytes]));
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
