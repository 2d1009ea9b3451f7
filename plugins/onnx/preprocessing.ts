import type { Assets } from "../../core/assets.ts";
import { joinAddress } from "../../core/host/assets/address.ts";
import { readText } from "../../core/host/storage/read_text.ts";
import { transformersFit } from "../../core/images/square_fit.ts";
import type { Preprocessing } from "../../core/model.ts";
import { clipNormalization } from "../clip/normalization.ts";
import { parsePreprocessor } from "../clip/parse_preprocessing.ts";
import type { LocatedOptions } from "./locate_graphs.ts";
import { foldersOf } from "./text_files.ts";

/**
 * How pictures are made ready: as the options say, or the `preprocessor_config.json` beside the image's
 * graph.
 *
 * @param size The side of a picture, where the graph tells it.
 * @throws {RangeError} if nobody says it.
 */
export async function findPreprocessing(
  options: LocatedOptions,
  size: number | undefined,
  assets: Assets,
): Promise<Preprocessing> {
  const { image, normalization } = options;
  const side = size ?? options.size;
  if (normalization !== undefined && side !== undefined) {
    return { ...normalization, size: side, fit: transformersFit };
  }
  for (const folder of image === undefined ? [] : foldersOf(image)) {
    const path = await assets.optionalFile(joinAddress(folder, "preprocessor_config.json"));
    if (path === undefined) continue;
    const text = await readText(path);
    const kind = /Siglip/.test(text) ? "siglip" : "clip";
    return parsePreprocessor(path, text, side ?? sideIn(text), kind)!;
  }
  // Without pictures nothing is made ready.
  if (image === undefined) return { ...clipNormalization, size: 1 };
  throw new RangeError(
    `onnxModel.normalization: ${image}: expected a preprocessor_config.json beside it, or mean and ` +
      "deviation of its pictures (and size, where the graph does not tell it); found neither",
  );
}

/** The side of the square that a configuration makes; the parser says what is wrong with it. */
function sideIn(text: string): number {
  const found = /"crop_size"\s*:\s*(?:\{\s*"height"\s*:\s*)?(\d+)/.exec(text) ??
    /"size"\s*:\s*(?:\{\s*"(?:height|shortest_edge)"\s*:\s*)?(\d+)/.exec(text);
  return Number(found?.[1] ?? 224);
}
