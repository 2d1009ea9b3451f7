import { sameShape, showShape } from "../graph/node.ts";
import type { Signature } from "../graph/to_model.ts";
import type { Tensors } from "./device.ts";

/**
 * Checks what a program is given against what its graph declares.
 *
 * @throws {TypeError} naming the tensor, what was expected and what was found.
 */
export function checkTensors({ inputs, outputs }: Signature, given: Tensors, into: Tensors): void {
  const names = new Set<string>();
  for (const tensor of inputs) {
    const name = tensor.node.inputName!;
    names.add(name);
    compare(`input "${name}"`, tensor, given[name]);
  }
  for (const name of Object.keys(given)) {
    if (!names.has(name)) throw new TypeError(`run: the program has no input "${name}"`);
  }
  for (const [name, tensor] of Object.entries(into)) {
    const declared = outputs[name];
    if (declared === undefined) throw new TypeError(`run: the program has no output "${name}"`);
    compare(`output "${name}"`, declared, tensor);
  }
}

type Described = { readonly dtype: string; readonly shape: readonly number[] };

function compare(what: string, expected: Described, found: Described | undefined): void {
  if (found === undefined) throw new TypeError(`run: ${what} is missing`);
  if (found.dtype !== expected.dtype || !sameShape(found.shape, expected.shape)) {
    throw new TypeError(
      `run: ${what}: expected ${expected.dtype} ${
        showShape(expected.shape)
      }, found ${found.dtype} ${showShape(found.shape)}`,
    );
  }
}
