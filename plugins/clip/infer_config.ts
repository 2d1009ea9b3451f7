import type { TensorFile } from "../../core/host/storage/tensor_file.ts";
import type { ClipConfig } from "./config.ts";
import type { ClipNames } from "./names.ts";

/**
 * Heads of the image towers of OpenAI's models and of all CLIPs among open_clip's configurations, by
 * their width: no longer 64 wide from ViT-H on.
 */
const IMAGE_HEADS: Readonly<Record<number, number>> = {
  384: 6,
  512: 8,
  768: 12,
  896: 14,
  1024: 16,
  1280: 16,
  1408: 16,
  1664: 16,
  1792: 16,
};
/** The same of the text towers. */
const TEXT_HEADS: Readonly<Record<number, number>> = {
  256: 4,
  384: 6,
  512: 8,
  640: 10,
  768: 12,
  1024: 16,
  1280: 20,
};

/**
 * The architecture that the shapes of a checkpoint tell, as OpenAI's `build_model` reads it. Shapes
 * do not tell the activation, nor the number of heads: that is known for published widths.
 *
 * @throws {SyntaxError} if a tensor that is needed for it is missing, or a tower has a width of its
 *   own.
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
  const heads = (tower: string, width: number, known: Readonly<Record<number, number>>) => {
    const found = known[width];
    if (found !== undefined) return found;
    throw new SyntaxError(
      `${file.path}: expected a configuration beside it, since only that tells the number of heads ` +
        `at width ${width} of the ${tower} tower (known are ${Object.keys(known).join(", ")})`,
    );
  };
  const projection = shape(names.text.projection.name);
  const places = shape(names.image.position)[0]!;
  return {
    dim: names.text.projection.layout === "width-dim" ? projection[1]! : projection[0]!,
    activation,
    epsilon: 1e-5,
    image: {
      size: Math.round(Math.sqrt(places - 1)) * patch,
      patch,
      width: imageWidth,
      layers: layers(names.image),
      heads: heads("image", imageWidth, IMAGE_HEADS),
      hidden: hidden(names.image),
    },
    text: {
      context: shape(names.text.position)[0]!,
      vocabulary,
      width: textWidth,
      layers: layers(names.text),
      heads: heads("text", textWidth, TEXT_HEADS),
      hidden: hidden(names.text),
    },
  };
}
