import { input } from "../../core/graph/node.ts";
import type { DualEncoder, ParameterLookup } from "../../core/model.ts";
import { parameterSymbols } from "../../core/towers/symbols.ts";
import type { Adapter } from "./adapter.ts";

/** A linear layer of a model, or a part of one that people name by itself. */
export interface LinearLayer
  extends Pick<Adapter, "module" | "part" | "weight" | "outputs" | "whole" | "inputs"> {
  /** What the names of PyTorch's `MultiheadAttention` begin with, where the layer belongs to one. */
  readonly attention?: string;
}

/** Whether the layer is that behind a packed attention, for which there are no adapters. */
export function isBehindPacked({ module, attention }: LinearLayer): boolean {
  return attention !== undefined && module === `${attention}.out_proj`;
}

const PACKED = ".in_proj_weight";

/**
 * The linear layers of a model's towers, in the order in which these use them: every weight
 * `<layer>.weight` that `linear` multiplies with. Of PyTorch's `MultiheadAttention`, whose matrix
 * `in_proj_weight` holds those of queries, keys and values, the layer `<attention>` is all three;
 * `q_proj`, `k_proj` and `v_proj` in it are a third each.
 */
export function linearLayers(model: DualEncoder): readonly LinearLayer[] {
  const { image, text } = model;
  const pixels = input("pixels", "float32", [1, 3, image.size, image.size]);
  const ids = input("ids", "int64", [1, text.contextLength]);
  const end = input("end", "int64", [1]);
  const used = [
    ...namesOf(model, (lookup) => image.encode(pixels, lookup)).map((each) => ({
      ...{ weight: each, part: "image" as const },
    })),
    ...namesOf(model, (lookup) => text.encode(ids, end, lookup)).map((each) => ({
      ...{ weight: each, part: "text" as const },
    })),
  ];
  const packed = new Set(
    used.filter(({ weight }) => weight.endsWith(PACKED)).map(({ weight }) =>
      weight.slice(0, -PACKED.length)
    ),
  );
  const shapes = new Map(model.parameters.map(({ name, shape }) => [name, shape]));
  return used.flatMap(({ weight, part }): LinearLayer[] => {
    const [outputs, inputs] = shapes.get(weight)! as [number, number];
    if (weight.endsWith(PACKED)) {
      const attention = weight.slice(0, -PACKED.length);
      const common = { part, weight, inputs, attention };
      const third = outputs / 3;
      return [
        { ...common, module: attention, outputs: [0, outputs], whole: true },
        ...["q_proj", "k_proj", "v_proj"].map((name, i): LinearLayer => ({
          ...common,
          module: `${attention}.${name}`,
          outputs: [i * third, (i + 1) * third],
          whole: false,
        })),
      ];
    }
    if (!weight.endsWith(".weight")) return [];
    const module = weight.slice(0, -".weight".length);
    const parent = module.slice(0, module.lastIndexOf("."));
    return [{
      ...{ module, part, weight, inputs, outputs: [0, outputs], whole: true },
      ...(packed.has(parent) ? { attention: parent } : {}),
    }];
  });
}

/** The weights of linear layers that a tower looks up, each once. */
function namesOf(
  model: DualEncoder,
  encode: (lookup: ParameterLookup) => unknown,
): readonly string[] {
  const names = new Set<string>();
  const { lookup } = parameterSymbols(model);
  encode(Object.assign((name: string) => lookup(name), {
    layer: (_: unknown, { weight }: { readonly weight: string }) => {
      names.add(weight);
      return undefined;
    },
  }));
  return [...names];
}
