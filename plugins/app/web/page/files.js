// Files that a visitor brings.

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

/**
 * The files of what was dropped, those in folders too.
 *
 * @param {DataTransfer} transfer
 * @returns {Promise<File[]>}
 */
export async function droppedFiles(transfer) {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return (await Promise.all(entries.map(filesOf))).flat();
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<File[]>}
 */
async function filesOf(entry) {
  if (entry.isFile) {
    const { promise, resolve, reject } = Promise.withResolvers();
    /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject);
    return [await promise];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const { promise, resolve, reject } = Promise.withResolvers();
  reader.readEntries(resolve, reject);
  return (await Promise.all(/** @type {FileSystemEntry[]} */ (await promise).map(filesOf))).flat();
}
