/**
 * From ONNX models to graphs that gradients can be taken of.
 *
 * @module
 */
import { constant, showShape, sizeOf } from "../node.ts";
import { isFloating } from "../operand.ts";
import type { GraphProto, NodeProto } from "../onnx_pb.ts";
import type { Tensor } from "../tensor.ts";
import { createCall } from "./call.ts";
import { callFunction } from "./functions.ts";
import { knownValues } from "./known_values.ts";
import { functionKey, isOnnxDomain, type OnnxModel } from "./parse_model.ts";
import { ruleOf } from "./operators.ts";
import type { Importer, Lookup } from "./scope.ts";
import { type ExternalData, tensorConstant } from "./tensor_values.ts";

/** How a model becomes a graph. */
export interface ImportOptions {
  /** What stands for the model's inputs, by name: inputs of a graph, constants, anything. */
  readonly inputs: ReadonlyMap<string, Tensor>;
  /** What stands for an initializer; undefined for its own values, which stay as they are. */
  readonly parameter?: (name: string) => Tensor | undefined;
  /** The outputs that are wanted; what they do not need is not read. Default: all. */
  readonly outputs?: readonly string[];
  /** Bytes that stand in other files. Default: none may. */
  readonly external?: ExternalData;
}

/**
 * Builds a model's graph of the operators here, each with its gradient rule. What depends on shapes alone
 * becomes constants.
 *
 * @returns the outputs that are wanted, by name.
 * @throws {TypeError | RangeError} that names the node, if an operator has no rule, or is used in a way
 *   that its rule does not take.
 * @throws {SyntaxError} if the model is no whole graph.
 */
export function importGraph(
  model: OnnxModel,
  options: ImportOptions,
): ReadonlyMap<string, Tensor> {
  const graph = model.proto.graph!;
  const { inputs, parameter = () => undefined } = options;
  const external: ExternalData = options.external ?? (({ location }) => {
    throw new RangeError(`expected a model in one file, found values in "${location}"`);
  });
  const importer: Importer = { model, external };
  const scope = new Map<string, Tensor>();
  const held = initializers(graph, parameter, importer);
  for (const { name } of graph.input) {
    const given = inputs.get(name);
    if (given !== undefined) scope.set(name, given);
  }
  const wanted = options.outputs ?? graph.output.map(({ name }) => name);
  return new Map(
    importNodes(graph.node, wanted, (name) => scope.get(name) ?? held(name), importer)
      .map((tensor, i) => [wanted[i]!, tensor] as const),
  );
}

/** A graph's initializers, made as they are asked for. */
function initializers(
  graph: GraphProto,
  parameter: (name: string) => Tensor | undefined,
  { external }: Importer,
): Lookup {
  if (graph.sparseInitializer.length > 0) {
    throw new TypeError("expected dense initializers, found sparse ones");
  }
  const protos = new Map(graph.initializer.map((each) => [each.name, each]));
  const made = new Map<string, Tensor>();
  return (name) => {
    const proto = protos.get(name);
    if (proto === undefined) return undefined;
    let tensor = made.get(name);
    if (tensor === undefined) {
      made.set(name, tensor = parameter(name) ?? tensorConstant(proto, external));
    }
    return tensor;
  };
}

/** The values of some names, made by the nodes that they need. */
export function importNodes(
  nodes: readonly NodeProto[],
  wanted: readonly string[],
  outer: Lookup,
  importer: Importer,
): readonly Tensor[] {
  const made = new Map<string, Tensor>();
  const lookup: Lookup = (name) => made.get(name) ?? outer(name);
  const needed = new Set(wanted);
  const order = nodes.toReversed().filter((node) => {
    if (!node.output.some((name) => name !== "" && needed.has(name))) return false;
    for (const name of namesIn(node)) needed.add(name);
    return true;
  }).reverse();
  for (const node of order) {
    const results = importNode(node, lookup, importer);
    for (const [i, name] of node.output.entries()) {
      if (name === "") continue;
      const tensor = results[i];
      if (tensor !== undefined) made.set(name, tensor);
      else if (needed.has(name)) {
        throw new TypeError(`${describe(node)}: result ${i} ("${name}") is not computed here`);
      }
    }
  }
  return wanted.map((name) => {
    const tensor = lookup(name);
    if (tensor === undefined) {
      throw new SyntaxError(`expected a node that makes "${name}", found none`);
    }
    return tensor;
  });
}

/** The names that a node reads, those of graphs within it among them. */
export function namesIn({ input, attribute }: NodeProto): readonly string[] {
  const inner = attribute.flatMap(({ g }) =>
    g === undefined ? [] : [...g.node.flatMap(namesIn), ...g.output.map(({ name }) => name)]
  );
  return [...input, ...inner];
}

function importNode(
  node: NodeProto,
  lookup: Lookup,
  importer: Importer,
): readonly (Tensor | undefined)[] {
  const { model } = importer;
  const inputs = node.input.map((name) => {
    if (name === "") return undefined;
    const tensor = lookup(name);
    if (tensor !== undefined) return tensor;
    throw new SyntaxError(`${describe(node)}: expected a value "${name}", found none`);
  });
  const own = model.functions.get(functionKey(node.domain, node.opType, node.overload));
  if (own !== undefined) return callFunction(own, node, inputs, importer, importNodes);
  const rule = ruleOf(node.domain, node.opType);
  if (rule === undefined) {
    throw new TypeError(`${describe(node)}: no rule for this operator${domainOf(node)}`);
  }
  try {
    const call = createCall(node, {
      opset: model.opset,
      inputs,
      branch: (graph) => {
        const inner = initializers(graph, () => undefined, importer);
        const names = graph.output.map(({ name }) => name);
        return importNodes(graph.node, names, (name) => inner(name) ?? lookup(name), importer);
      },
    });
    const results = rule(call);
    call.checkAllRead();
    return ("node" in results ? [results] : results).map((tensor) => tensor && folded(tensor));
  } catch (error) {
    throw atNode(error, node, inputs);
  }
}

/** What shapes and places are computed of stays small. */
const MOST_FOLDED = 2 ** 16;

/** Whole numbers and conditions that depend on nothing become constants at once. */
function folded(tensor: Tensor): Tensor {
  const { dtype, shape, node } = tensor;
  if (isFloating(dtype) || node.op === "constant" || sizeOf(shape) > MOST_FOLDED) return tensor;
  const values = knownValues(tensor);
  return values?.every(Number.isSafeInteger) ? constant(values, shape, dtype) : tensor;
}

/** The error with the node that it is about, unless a node within has its name in it already. */
function atNode(error: unknown, node: NodeProto, inputs: readonly (Tensor | undefined)[]): unknown {
  if (!(error instanceof Error) || NAMED.has(error)) return error;
  if (!(error instanceof TypeError || error instanceof RangeError)) return error;
  const operands = inputs.map((each) => each === undefined ? "none" : showShape(each.shape));
  error.message = `${describe(node)} of ${operands.join(", ") || "nothing"}: ${error.message}`;
  NAMED.add(error);
  return error;
}

const NAMED = new WeakSet<Error>();

function describe({ name, opType, output }: NodeProto): string {
  return `node ${name === "" ? `that makes "${output[0] ?? ""}"` : `"${name}"`} (${opType})`;
}

function domainOf({ domain }: NodeProto): string {
  return isOnnxDomain(domain) ? "" : ` of ${domain}`;
}
