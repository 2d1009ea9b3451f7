import type { TensorFile } from "../../core/host/storage/tensor_file.ts";
import type { HostTensor, ParameterSpec } from "../../core/model.ts";
import { checkFinite } from "../../core/finite.ts";

/**
 * Values of the given parameters, with the half precision that the file has them in; nothing else
 * of the file is read.
 *
 * @throws {SyntaxError} if a tensor is missing or has another shape.
 * @throws {RangeError} if one holds a value that is not finite.
 */
export async function readWeights(
  file: TensorFile,
  parameters: readonly ParameterSpec[],
): Promise<ReadonlyMap<string, HostTensor>> {
  const values = new Map<string, HostTensor>();
  for (const { name, shape } of parameters) {
    if (!file.has(name)) {
      throw new SyntaxError(`${file.path}: expected a tensor "${name}", found none`);
    }
    const { dtype, shape: found } = file.info(name);
    // A logit scale of one value is that value, in however many axes it stands.
    const isOneValue = shape.length === 0 && found.every((length) => length === 1);
    if (found.join() !== shape.join() && !isOneValue) {
      throw new SyntaxError(
        `${file.path}: expected tensor "${name}" of shape [${shape.join(", ")}], found [${
          found.join(", ")
        }]`,
      );
    }
    const data = await file.readFloat32(name);
    checkFinite(`${file.path}: tensor "${name}"`, data);
    values.set(name, {
      ...{ shape, data },
      ...(dtype === "F16" || dtype === "BF16" ? { dtype } : {}),
    });
  }
  return values;
}
