/** Endings of the pictures that are decoded, in lower case; several for JPEG and TIFF. */
export const PICTURE_ENDINGS: readonly string[] = [
  "jpg",
  "jpeg",
  "jpe",
  "jfif",
  "png",
  "webp",
  "gif",
  "tif",
  "tiff",
  "avif",
];

/** Endings of pictures that are not. */
const OTHER_ENDINGS: readonly string[] = [
  "bmp",
  "heic",
  "heif",
  "ico",
  "jp2",
  "jxl",
  "pbm",
  "pgm",
  "pnm",
  "ppm",
  "psd",
  "svg",
  "tga",
];

/** Whether a file is named as a picture that is decoded, its ending in capitals or not. */
export function isPictureName(name: string): boolean {
  return PICTURE_ENDINGS.includes(endingOf(name));
}

/** Whether a file is named as a picture of a kind that is not decoded (BMP, PPM, HEIC …). */
export function isOtherPictureName(name: string): boolean {
  return OTHER_ENDINGS.includes(endingOf(name));
}

/**
 * Whether a file or folder is none of the user's data: hidden ones (`.ipynb_checkpoints`,
 * `._photo.jpg`), and what macOS puts into archives.
 */
export function isHiddenName(name: string): boolean {
  return name.startsWith(".") || name === "__MACOSX";
}

function endingOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}
