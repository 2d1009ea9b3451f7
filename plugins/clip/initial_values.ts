import type { HostTensor, ParameterSpec } from "../../core/model.ts";
import type { ClipConfig } from "./config.ts";
import { tableSamples } from "./table_samples.ts";

/**
 * Weights to begin with, as `initialize_parameters` of OpenAI's code draws them: normal, with
 * deviations that keep the residual stream's size; norms 1 and 0; logit scale 1/0.07.
 *
 * Parameters of more than a million values repeat a table of samples, for speed.
 */
export function initialValues(
  config: ClipConfig,
  parameters: readonly ParameterSpec[],
  seed: number,
): ReadonlyMap<string, HostTensor> {
  const samples = tableSamples(seed);
  return new Map(parameters.map((spec) => {
    const { name, shape } = spec;
    const length = shape.reduce((a, b) => a * b, 1);
    const fixed = fixedValue(name, shape);
    const data = fixed === undefined ? samples(name, length) : new Float32Array(length).fill(fixed);
    if (fixed === undefined) {
      const deviation = deviationOf(config, spec);
      for (let i = 0; i < length; i++) data[i]! *= deviation;
    }
    return [name, { shape, data }];
  }));
}

function fixedValue(name: string, shape: readonly number[]): number | undefined {
  if (name === "logit_scale") return Math.log(1 / 0.07);
  if (name.endsWith("bias")) return 0;
  if (shape.length === 1 && name.endsWith("weight")) return 1;
  return undefined;
}

function deviationOf(config: ClipConfig, { name, shape, part }: ParameterSpec): number {
  const { width, layers } = part === "image" ? config.image : config.text;
  if (/token_embedding/.test(name)) return 0.02;
  if (/patch_embedding|conv1/.test(name)) return (shape[1]! * shape[2]! * shape[3]!) ** -0.5;
  if (/position/.test(name) && part === "text") return 0.01;
  if (/c_proj|fc2|out_proj/.test(name)) return width ** -0.5 * (2 * layers) ** -0.5;
  if (/c_fc|fc1/.test(name)) return (2 * width) ** -0.5;
  return width ** -0.5;
}
