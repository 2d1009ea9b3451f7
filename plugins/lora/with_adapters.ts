import type { DualEncoder, HostTensor } from "../../core/model.ts";
import { imageWithLookup, textWithLookup } from "../../core/towers/with_lookup.ts";
import { adaptedLookup } from "./adapted_lookup.ts";
import { type Adapter, adapterShapes } from "./adapter.ts";
import type { AdapterConfig } from "./adapter_config.ts";
import { writeAdapters } from "./adapter_folder.ts";
import { initialAdapterValues, mergeAdapters } from "./adapter_values.ts";
import type { LinearLayer } from "./linear_layers.ts";

/** What is put around a model. */
export interface Adaptation {
  readonly adapters: readonly Adapter[];
  /** All linear layers of the model. */
  readonly layers: readonly LinearLayer[];
  /** What the adapters' description says. */
  readonly config: Omit<AdapterConfig, "alphas">;
  /** Values to begin with, or the seed of such that change nothing. */
  readonly start: ReadonlyMap<string, HostTensor> | number;
}

/** The folder of the adapters in that of the model into which they are merged. */
const FOLDER = "adapter";

/** A model with adapters: all that is trained of it, whatever a recipe says. */
export function withAdapters(
  base: DualEncoder,
  { adapters, layers, config, start }: Adaptation,
): DualEncoder {
  const change = adaptedLookup(adapters);
  const { dora, rank } = config;
  const merge = (values: ReadonlyMap<string, HostTensor>) => mergeAdapters(adapters, values);
  return {
    ...base,
    name: `${base.name} with ${adapters.length} ${dora ? "DoRA" : "LoRA"} adapters of rank ${rank}`,
    image: imageWithLookup(base.image, change),
    text: textWithLookup(base.text, change),
    parameters: [
      ...base.parameters.map((spec) => ({ ...spec, fixed: true as const })),
      ...adapters.flatMap((adapter) =>
        adapterShapes(adapter).map(([name, shape]) => ({ name, shape, part: adapter.part }))
      ),
    ],
    read: async (names) => {
      const wanted = names && new Set(names);
      // Which of an adapter's values are asked for is not looked at: they are few. Those that DoRA
      // begins with come of the weights, which then are read for them.
      const asked = adapters.filter((adapter) =>
        adapterShapes(adapter).some(([name]) => wanted?.has(name) ?? true)
      );
      const needed = typeof start === "number" && dora ? asked.map(({ weight }) => weight) : [];
      const values = await base.read(names && [...names, ...needed]);
      const own = typeof start === "number" ? initialAdapterValues(asked, values, start) : start;
      return new Map([...values, ...own]);
    },
    async write(folder, values) {
      await base.write(folder, merge(values));
      await writeAdapters(`${folder}/${FOLDER}`, { adapters, values }, { layers, config });
    },
    plain: {
      model: base.plain?.model ?? base,
      values: (values) => base.plain?.values(merge(values)) ?? merge(values),
    },
  };
}
