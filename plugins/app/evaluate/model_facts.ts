import { input } from "../../../core/graph/node.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import { topologicalOrder } from "../../../core/graph/topology.ts";
import { openClipFit } from "../../../core/images/square_fit.ts";
import type { DualEncoder, Preprocessing } from "../../../core/model.ts";
import { parameterSymbols } from "../../../core/towers/symbols.ts";

/** What a model's scores depend on beside its weights, and another tool may do otherwise. */
export interface ModelFacts {
  /** Of its perceptrons, as its graphs compute them: `"QuickGELU"`. */
  readonly activation: string;
  /** Of its weights, where they are at hand, and of what is computed. */
  readonly precision: string;
  /** From a picture to the image tower's input. */
  readonly preprocessing: string;
  /** The most tokens of a text. */
  readonly tokens: number;
}

/**
 * The settings of a model, taken from what it computes.
 *
 * @param precision In words.
 */
export function modelFacts(model: DualEncoder, precision: string): ModelFacts {
  const { image, text, preprocessing } = model;
  const { lookup } = parameterSymbols(model);
  const pixels = input("pixels", "float32", [1, 3, image.size, image.size]);
  const ids = input("ids", "int64", [1, text.contextLength]);
  const ends = input("end", "int64", [1]);
  const seeing = activationOf(image.encode(pixels, lookup));
  const reading = activationOf(text.encode(ids, ends, lookup));
  return {
    activation: seeing === reading ? seeing : `${seeing} (pictures), ${reading} (texts)`,
    precision,
    preprocessing: describePreprocessing(preprocessing),
    tokens: text.contextLength,
  };
}

/**
 * The precision of a model that is scored.
 *
 * @param dtypes In which its weights are kept.
 */
export function scoringPrecision(dtypes: ReadonlySet<string>): string {
  return `${[...dtypes].toSorted().join(" and ")} weights, computed in float32`;
}

/** {@linkcode ModelFacts} in one line. */
export function describeFacts(
  { activation, precision, preprocessing, tokens }: ModelFacts,
): string {
  return `${activation}; ${precision}; pictures ${preprocessing}; texts of ${tokens} tokens`;
}

/** The activation of a tower, by the operator that only it has. */
function activationOf(embedding: Tensor): string {
  const ops = new Set(topologicalOrder([embedding]).map(({ op }) => op));
  const found = OPERATORS.find(([op]) => ops.has(op));
  return found?.[1] ?? "none";
}

const OPERATORS = [
  ["QuickGelu", "QuickGELU"],
  ["Erf", "GELU"],
  ["Tanh", "GELU (tanh)"],
  ["Sigmoid", "SiLU"],
  ["Relu", "ReLU"],
] as const;

function describePreprocessing(
  { size, fit = openClipFit, mean, deviation }: Preprocessing,
): string {
  const resized = {
    shortest: "by the shorter side, its centre cut out",
    longest: "by the longer side, filled around",
    squash: "by both sides",
  }[fit.resize];
  const three = (values: readonly number[]) => values.map((value) => +value.toFixed(4)).join(" ");
  return `${size} × ${size} ${resized}, ${fit.interpolation}, ` +
    `mean ${three(mean)}, deviation ${three(deviation)}`;
}
