/**
 * Values of adapters on the host.
 *
 * @module
 */
import { sizeOf } from "../../core/graph/node.ts";
import type { HostTensor } from "../../core/model.ts";
import { createRandom } from "../../core/random.ts";
import { type Adapter, adapterNames, adapterShapes } from "./adapter.ts";

type Values = ReadonlyMap<string, HostTensor>;

/**
 * Values that change nothing, to begin with: `B` is zero, `A` uniform below `1/√inputs` (as PEFT draws
 * it), and DoRA's lengths are those of the weights' rows.
 *
 * @param base The values of the weights.
 */
export function initialAdapterValues(
  adapters: readonly Adapter[],
  base: Values,
  seed: number,
): Map<string, HostTensor> {
  const values = new Map<string, HostTensor>();
  for (const adapter of adapters) {
    const { module, inputs, weight, outputs: [start, end] } = adapter;
    const names = adapterNames(module);
    const random = createRandom(seed, "lora", module);
    const bound = inputs ** -0.5;
    for (const [name, shape] of adapterShapes(adapter)) {
      const length = sizeOf(shape);
      const data = new Float32Array(length);
      if (name === names.down) data.forEach((_, i) => data[i] = bound * (2 * random.next() - 1));
      if (name === names.magnitude) {
        const rows = base.get(weight)!.data;
        for (let row = start; row < end; row++) data[row - start] = lengthOf(rows, row, inputs);
      }
      values.set(name, { shape, data });
    }
  }
  return values;
}

/**
 * The values of the weights with those of adapters worked in: `W + s·B·A`, of DoRA with rows of the
 * trained lengths. What no adapter changes stays as it is, and what one changes is float32.
 *
 * @param values Of the weights and of the adapters.
 * @returns of the weights.
 */
export function mergeAdapters(adapters: readonly Adapter[], values: Values): Values {
  const merged = new Map(values);
  for (const { module, weight, outputs: [start, end], inputs, rank, scaling, dora } of adapters) {
    const names = adapterNames(module);
    const { shape, data } = merged.get(weight)!;
    const [down, up] = [values.get(names.down)!.data, values.get(names.up)!.data];
    const lengths = dora ? values.get(names.magnitude)!.data : undefined;
    const changed = data.slice();
    const sums = new Float64Array(inputs);
    for (let row = start; row < end; row++) {
      sums.fill(0);
      for (let k = 0; k < rank; k++) {
        const factor = scaling * up[(row - start) * rank + k]!;
        if (factor === 0) continue;
        for (let i = 0; i < inputs; i++) sums[i]! += factor * down[k * inputs + i]!;
      }
      const at = row * inputs;
      for (let i = 0; i < inputs; i++) changed[at + i]! += sums[i]!;
      if (lengths === undefined) continue;
      const factor = lengths[row - start]! / lengthOf(changed, row, inputs);
      for (let i = 0; i < inputs; i++) changed[at + i]! *= factor;
    }
    merged.set(weight, { shape, data: changed });
  }
  for (const { module } of adapters) {
    for (const name of Object.values(adapterNames(module))) merged.delete(name);
  }
  return merged;
}

function lengthOf(rows: Float32Array, row: number, width: number): number {
  let squares = 0;
  for (let i = row * width; i < (row + 1) * width; i++) squares += rows[i]! ** 2;
  return Math.sqrt(squares);
}
