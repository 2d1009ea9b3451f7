import type { TensorFile } from "../../core/host/storage/tensor_file.ts";
import type { ClipConfig } from "./config.ts";
import { type ClipNames, openClipNames } from "./names.ts";

/** Heads of OpenAI's models are 64 wide, whatever the width of the tower. */
const HEAD = 64;

/**
 * The architecture that the shapes of a checkpoint tell, as OpenAI's `build_model` reads it. Shapes
 * do not tell the activation.
 *
 * @throws {SyntaxError} if a tensor that is needed for it is missing, or heads cannot be 64 wide.
 */
export function inferConfig(
  file: TensorFile,
  names: ClipNames,
  activation: ClipConfig["activation"],
): ClipConfig {
  const shape = (name: string): readonly number[] => {
    if (!file.has(name)) {
      throw new SyntaxError(`${file.path}: expected a tensor "${name}", found none`);
    }
    return file.info(name).shape;
  };
  const layers = (tower: ClipNames["image"] | ClipNames["text"]): number => {
    let count = 0;
    while (file.has(tower.block(count).norm1.weight)) count++;
    return count;
  };
  const hidden = (tower: ClipNames["image"] | ClipNames["text"]) =>
    shape(tower.block(0).up.weight)[0]!;
  const [imageWidth, , patch] = shape(names.image.patch) as [number, number, number];
  const [vocabulary, textWidth] = shape(names.text.token) as [number, number];
  for (const width of [imageWidth, textWidth]) {
    if (width % HEAD === 0) continue;
    throw new SyntaxError(
      `${file.path}: expected towers with heads of ${HEAD}, as OpenAI's, found a width of ${width}; ` +
        "only a configuration beside it can tell their number of heads",
    );
  }
  const projection = shape(names.text.projection.name);
  const places = shape(names.image.position)[0]!;
  return {
    dim: names === openClipNames ? projection[1]! : projection[0]!,
    activation,
    epsilon: 1e-5,
    image: {
      size: Math.round(Math.sqrt(places - 1)) * patch,
      patch,
      width: imageWidth,
      layers: layers(names.image),
      heads: imageWidth / HEAD,
      hidden: hidden(names.image),
    },
    text: {
      context: shape(names.text.position)[0]!,
      vocabulary,
      width: textWidth,
      layers: layers(names.text),
      heads: textWidth / HEAD,
      hidden: hidden(names.text),
    },
  };
}
