import type { HostTensor, ParameterSpec } from "../../core/model.ts";
import { onlyNamed } from "./parameters.ts";
import { tableSamples } from "./table_samples.ts";

/**
 * Weights to begin with for towers of all families: matrices normal with the deviation `1/√inputs`,
 * which keeps the size of what goes through them; tables, tokens and places 0.02; norms 1 and 0; factors
 * of layers 0.1; statistics of batch norms 0 and 1; the scale as CLIP begins, or with a bias as SigLIP,
 * ln 10 and −10.
 *
 * @param names Of those that are wanted. Default: all.
 */
export function familyInitialValues(
  parameters: readonly ParameterSpec[],
  seed: number,
  names?: readonly string[],
): ReadonlyMap<string, HostTensor> {
  const hasBias = parameters.some(({ part }) => part === "logit_bias");
  const samples = tableSamples(seed);
  return new Map(
    onlyNamed(parameters, names).map((spec) => {
      const { name, shape } = spec;
      const length = shape.reduce((a, b) => a * b, 1);
      const fixed = fixedValue(spec, hasBias);
      if (fixed !== undefined) return [name, { shape, data: new Float32Array(length).fill(fixed) }];
      const data = samples(name, length);
      const deviation = deviationOf(spec);
      for (let i = 0; i < length; i++) data[i]! *= deviation;
      return [name, { shape, data }];
    }),
  );
}

function fixedValue({ name, shape, part }: ParameterSpec, hasBias: boolean): number | undefined {
  if (part === "logit_scale") return hasBias ? Math.log(10) : Math.log(1 / 0.07);
  if (part === "logit_bias") return -10;
  if (name.endsWith("running_var")) return 1;
  if (/bias$|running_mean$/.test(name)) return 0;
  if (name.endsWith("gamma")) return 0.1;
  return shape.length === 1 && name.endsWith("weight") ? 1 : undefined;
}

function deviationOf({ name, shape }: ParameterSpec): number {
  if (/embed|token|latent|probe|query|cls_emb/.test(name) && !/patch/.test(name)) return 0.02;
  const inputs = shape.length === 2 ? shape[1]! : shape.slice(1).reduce((a, b) => a * b, 1);
  return inputs ** -0.5;
}
