import { sizeOf } from "../../core/graph/node.ts";
import { shapeOf } from "../../core/graph/onnx/tensor_values.ts";
import type { GraphProto, NodeProto } from "../../core/graph/onnx_pb.ts";

/** Initializers of one number that a graph makes similarities with. */
export interface SimilarityNumbers {
  /** What they are multiplied by, or its logarithm. */
  readonly scale?: { readonly name: string; readonly isLogarithm: boolean };
  /** What is added to them. */
  readonly bias?: string;
}

/** As transformers calls similarities, and optimum after it. */
const OUTPUTS = ["logits_per_text", "logits_per_image"];

/** Operators that leave the values as they are. */
const PLAIN = new Set(["Cast", "Identity", "Transpose", "Reshape", "Squeeze", "Unsqueeze"]);

/**
 * Finds the scale and the bias of a graph that gives similarities by their usual name; exporters give
 * them names of their own, or keep the scale's exponential in the place of the scale.
 */
export function similarityNumbers({ node, output, initializer }: GraphProto): SimilarityNumbers {
  const makers = new Map(node.flatMap((each) => each.output.map((name) => [name, each])));
  const single = new Set(
    initializer.filter((each) => sizeOf(shapeOf(each)) === 1).map(({ name }) => name),
  );
  const found: { -readonly [Key in keyof SimilarityNumbers]: SimilarityNumbers[Key] } = {};
  let at = OUTPUTS.find((name) => output.some((each) => each.name === name));
  for (let maker; at !== undefined && (maker = makers.get(at)) !== undefined;) {
    at = PLAIN.has(maker.opType) ? maker.input[0] : past(maker, found, makers, single);
  }
  return found;
}

/** Notes the number that similarities are moved or scaled by; gives what they were before. */
function past(
  { opType, input }: NodeProto,
  found: { -readonly [Key in keyof SimilarityNumbers]: SimilarityNumbers[Key] },
  makers: ReadonlyMap<string, NodeProto>,
  single: ReadonlySet<string>,
): string | undefined {
  if (opType !== "Add" && opType !== "Mul") return undefined;
  for (const [name, other] of [[input[0]!, input[1]!], [input[1]!, input[0]!]] as const) {
    const number = numberBehind(name, makers, single);
    if (number === undefined) continue;
    if (opType === "Mul" && found.scale === undefined) found.scale = number;
    else if (opType === "Add" && found.bias === undefined && !number.isLogarithm) {
      found.bias = number.name;
    } else return undefined;
    return other;
  }
  return undefined;
}

function numberBehind(
  name: string,
  makers: ReadonlyMap<string, NodeProto>,
  single: ReadonlySet<string>,
): { readonly name: string; readonly isLogarithm: boolean } | undefined {
  let isLogarithm = false;
  for (let at = name;;) {
    if (single.has(at)) return { name: at, isLogarithm };
    const maker: NodeProto | undefined = makers.get(at);
    const isExponential: boolean = maker?.opType === "Exp" && !isLogarithm;
    if (maker === undefined || !isExponential && !PLAIN.has(maker.opType)) return undefined;
    isLogarithm ||= isExponential;
    at = maker.input[0]!;
  }
}
