/** The weights' name in a model folder. */
export const WEIGHTS = "open_clip_model.safetensors";

/**
 * A model's weights among files, or folders' files by their paths: those by the usual name, in a
 * folder `model/` where there are several.
 *
 * @throws {RangeError} if there are none.
 */
export function findWeights<F extends { readonly name: string }>(files: readonly F[]): F {
  const tensors = files.filter(({ name }) => name.endsWith(".safetensors"));
  const isNamed = ({ name }: F) => name.split("/").at(-1) === WEIGHTS;
  const found = tensors.find((file) => isNamed(file) && /(^|\/)model\/[^/]*$/.test(file.name)) ??
    tensors.find(isNamed) ?? tensors[0];
  if (found !== undefined) return found;
  const names = files.slice(0, 3).map(({ name }) => name);
  const others = files.length > 3 ? [`${files.length - 3} more`] : [];
  throw new RangeError(
    `expected ${WEIGHTS} of a run's folder model/, found ${
      [...names, ...others].join(", ") || "no file"
    }`,
  );
}
