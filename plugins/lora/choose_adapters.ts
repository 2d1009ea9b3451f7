import { namePattern } from "../../core/name_pattern.ts";
import { nearest } from "../../core/nearest.ts";
import { type Adapter, scalingOf } from "./adapter.ts";
import { isBehindPacked, type LinearLayer } from "./linear_layers.ts";

/** Where adapters are put, and of which kind. */
export interface AdapterChoice {
  /** Names of layers or of their ends, with `*` for anything; or parts of the model. */
  readonly targets: readonly string[];
  /** What of that is left alone, by the same names. */
  readonly exclude: readonly string[];
  readonly rank: number;
  readonly alpha: number;
  readonly rankStabilized: boolean;
  readonly dora: boolean;
}

/**
 * An adapter for each layer that a target names, but for those behind packed attentions: PEFT adds
 * what is learned there twice, and files of it would mean something else.
 *
 * @throws {RangeError} if a name is that of no layer, nothing is left, or DoRA is asked for where PEFT
 *   has none.
 */
export function chooseAdapters(
  layers: readonly LinearLayer[],
  { targets, exclude, rank, alpha, rankStabilized, dora }: AdapterChoice,
): readonly Adapter[] {
  const named = matcher("lora.targets", targets, layers);
  const excluded = matcher("lora.exclude", exclude, layers);
  const asked = layers.filter((layer) => named(layer) && !excluded(layer));
  const whole = new Set(asked.filter(isPackedWhole).map(({ weight }) => weight));
  const chosen = asked.filter((layer) =>
    !isBehindPacked(layer) && (layer.whole || !whole.has(layer.weight))
  );
  if (chosen.length === 0) {
    throw new RangeError(
      asked.length === 0
        ? "lora.exclude: expected a layer that is left"
        : `lora.targets: expected other layers than ${
          asked[0]!.module
        }: what adapters of a packed ` +
          "attention's out_proj learn, PEFT adds twice; in transformers' layout it is as any layer",
    );
  }
  const packed = chosen.find(({ attention }) => attention !== undefined);
  if (dora && packed !== undefined) {
    throw new RangeError(
      `lora.dora: expected layers that are matrices of their own, found ${packed.module}, a part of a ` +
        "packed attention, for which PEFT has no DoRA; weights in transformers' layout have none",
    );
  }
  const scaling = scalingOf({ alpha, rank, rankStabilized });
  return chosen.map(({ module, part, weight, outputs, whole, inputs }) => ({
    ...{ module, part, weight, outputs, whole, inputs, rank, scaling, dora },
  }));
}

function isPackedWhole({ module, attention }: LinearLayer): boolean {
  return module === attention;
}

/** Whether a layer is named by one of some entries, of which each must name one. */
function matcher(
  setting: string,
  entries: readonly string[],
  layers: readonly LinearLayer[],
): (layer: LinearLayer) => boolean {
  const matchers = entries.map((entry) => {
    const pattern = new RegExp(`^(.*\\.)?${namePattern(entry)}$`);
    return ({ part, module }: LinearLayer) => part === entry || pattern.test(module);
  });
  for (const [i, matches] of matchers.entries()) {
    if (layers.some(matches)) continue;
    const ends = new Set(layers.map(({ module }) => module.slice(module.lastIndexOf(".") + 1)));
    const guess = nearest(entries[i]!, [...ends, ...layers.map(({ module }) => module)]);
    throw new RangeError(
      `${setting}: "${entries[i]}" is no linear layer of the model` +
        (guess === undefined
          ? `; expected a pattern of ${[...ends].join(", ") || "none, for it has no linear layers"}`
          : `; did you mean "${guess}"?`),
    );
  }
  return (layer) => matchers.some((matches) => matches(layer));
}
