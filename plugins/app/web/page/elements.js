// Parts of the page's document. Texts from people go through textContent.

/** @typedef {import("../../../../core/images/raster.ts").Raster} Raster */

/**
 * @template {HTMLElement} [E=HTMLElement]
 * @param {string} id
 * @returns {E}
 */
export function element(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return /** @type {E} */ (found);
}

/**
 * @param {string} id
 * @param {string} text
 * @param {boolean} [isFault]
 */
export function say(id, text, isFault = false) {
  const place = element(id);
  place.textContent = text;
  place.classList.toggle("wrong-input", isFault);
}

/** @param {unknown} error */
export function reasonOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * @param {string} tag
 * @param {string} [className]
 * @param {string} [text]
 */
export function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className !== undefined) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** @param {Raster} raster */
function canvasData({ width, height, data }) {
  const image = new ImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    image.data.set(data.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
    image.data[4 * pixel + 3] = 255;
  }
  return image;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Raster} raster
 */
export function paint(canvas, raster) {
  canvas.width = raster.width;
  canvas.height = raster.height;
  canvas.getContext("2d")?.putImageData(canvasData(raster), 0, 0);
}
