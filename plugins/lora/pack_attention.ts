import type { HostTensor } from "../../core/model.ts";
import { type Adapter, adapterNames } from "./adapter.ts";
import type { LinearLayer } from "./linear_layers.ts";

/** Gets a tensor of the packed attention, or of the `out_proj` inside, by its name in the module. */
type Write = (inner: boolean, name: string, tensor: HostTensor) => void;

/**
 * The adapters of a packed attention as one pair of matrices for its `in_proj_weight`. Those of a third
 * each stand side by side in `A` and on the diagonal in `B`: the same change of the same rows. With them
 * comes a pair for its `out_proj` that changes nothing, for PEFT has none without the other.
 *
 * @returns the rank, and the factor that all have.
 */
export function packAttention(
  attention: string,
  adapters: readonly Adapter[],
  { layers, values }: {
    readonly layers: readonly LinearLayer[];
    readonly values: ReadonlyMap<string, HostTensor>;
  },
  write: Write,
): { readonly rank: number; readonly scaling: number } {
  const rank = adapters.reduce((sum, each) => sum + each.rank, 0);
  const pairOf = (module: string) => {
    const { inputs, outputs: [, outputs] } = layers.find((each) => each.module === module)!;
    return {
      down: { shape: [rank, inputs], data: new Float32Array(rank * inputs) },
      up: { shape: [outputs, rank], data: new Float32Array(outputs * rank) },
    };
  };
  const inner = pairOf(`${attention}.out_proj`);
  const { down, up } = pairOf(attention);
  let column = 0;
  for (const adapter of adapters) {
    const names = adapterNames(adapter.module);
    down.data.set(values.get(names.down)!.data, column * adapter.inputs);
    const { data } = values.get(names.up)!;
    for (let row = adapter.outputs[0]; row < adapter.outputs[1]; row++) {
      const from = (row - adapter.outputs[0]) * adapter.rank;
      up.data.set(data.subarray(from, from + adapter.rank), row * rank + column);
    }
    column += adapter.rank;
  }
  write(false, ".lora_A.weight", down);
  write(false, ".lora_B.weight", up);
  write(true, ".lora_A.weight", inner.down);
  write(true, ".lora_B.weight", inner.up);
  return { rank, scaling: adapters[0]!.scaling };
}
