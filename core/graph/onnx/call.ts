/**
 * An operator as a rule sees it: operands, attributes, and words for what it does not take.
 *
 * @module
 */
import { showShape } from "../node.ts";
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from "../onnx_pb.ts";
import type { Tensor } from "../tensor.ts";
import { knownValues, type Values } from "./known_values.ts";

/** An operand has to be known while a model is read, and depends on a graph's input. */
export class UnknownOperandError extends RangeError {
  override readonly name = "UnknownOperandError";
}

/** One use of an operator in a model. */
export interface OnnxCall {
  /** The operator's name. */
  readonly op: string;
  /** The operator set that the model is written in. */
  readonly opset: number;
  /** How many operands there are, those left out among them. */
  readonly operands: number;
  /** How many results there are; {@linkcode OnnxCall.uses} tells which are in use. */
  readonly results: number;
  /** Whether a result is in use. */
  uses(result: number): boolean;
  /** An operand; a TypeError if it is left out. */
  input(place: number): Tensor;
  /** An operand that may be left out. */
  optional(place: number): Tensor | undefined;
  /** The values of an operand that no input of the graph may change. */
  known(place: number, what: string): Values;
  /** The same of one that may be left out. */
  optionalKnown(place: number, what: string): Values | undefined;
  /** Attributes; undefined where they are left out and no default is given. */
  int(name: string): number | undefined;
  int(name: string, otherwise: number): number;
  float(name: string): number | undefined;
  float(name: string, otherwise: number): number;
  string(name: string, otherwise: string): string;
  ints(name: string): readonly number[] | undefined;
  floats(name: string): readonly number[] | undefined;
  tensor(name: string): TensorProto | undefined;
  /** A graph within the operator, which a call makes the results of. */
  branch(name: string): () => readonly Tensor[];
  /** Refuses the operator as it stands here. */
  refuse(expected: string, found: string): never;
}

/** What a call is made of, beside its node. */
export interface CallOptions {
  readonly opset: number;
  readonly inputs: readonly (Tensor | undefined)[];
  /** Makes the results of a graph within the operator. */
  readonly branch: (graph: GraphProto) => readonly Tensor[];
}

/** A call that notes what of it is read, so that nothing is passed over. */
export interface TrackedCall extends OnnxCall {
  /** Refuses operands and attributes that the rule has not looked at. */
  checkAllRead(): void;
}

/** A node of a model as a rule sees it. */
export function createCall(
  { opType, output, attribute }: NodeProto,
  { opset, inputs, branch }: CallOptions,
): TrackedCall {
  const readOperands = new Set<number>();
  const readAttributes = new Set<string>();
  const refuse = (expected: string, found: string): never => {
    throw new TypeError(`expected ${expected}, found ${found}`);
  };
  const optional = (place: number): Tensor | undefined => {
    readOperands.add(place);
    return inputs[place];
  };
  const input = (place: number): Tensor =>
    optional(place) ?? refuse(`an operand at place ${place}`, "none");
  const valuesOf = (tensor: Tensor, what: string): Values => {
    const values = knownValues(tensor);
    if (values !== undefined) return values;
    throw new UnknownOperandError(
      `expected ${what} that ${
        tensor.shape.length === 0 ? "is" : "are"
      } known when the model is read, found ${
        tensor.node.op === "input"
          ? `input "${tensor.node.inputName}"`
          : `a result of ${tensor.node.op}`
      } ${showShape(tensor.shape)}`,
    );
  };
  const find = (name: string, type: AttributeType): AttributeProto | undefined => {
    readAttributes.add(name);
    const found = attribute.find((each) => each.name === name);
    if (found === undefined || found.type === type) return found;
    return refuse(
      `attribute ${name} of type ${AttributeType[type]}`,
      AttributeType[found.type] ?? `type ${found.type}`,
    );
  };
  return {
    op: opType,
    opset,
    operands: inputs.length,
    results: output.length,
    uses: (result) => (output[result] ?? "") !== "",
    input,
    optional,
    known: (place, what) => valuesOf(input(place), what),
    optionalKnown: (place, what) => {
      const tensor = optional(place);
      return tensor === undefined ? undefined : valuesOf(tensor, what);
    },
    int: (name: string, otherwise?: number) => {
      const found = find(name, AttributeType.INT);
      return (found === undefined ? otherwise : Number(found.i)) as number;
    },
    float: (name: string, otherwise?: number) =>
      (find(name, AttributeType.FLOAT)?.f ?? otherwise) as number,
    string: (name, otherwise) => {
      const found = find(name, AttributeType.STRING);
      return found === undefined ? otherwise : new TextDecoder().decode(found.s);
    },
    ints: (name) => find(name, AttributeType.INTS)?.ints.map(Number),
    floats: (name) => find(name, AttributeType.FLOATS)?.floats,
    tensor: (name) => find(name, AttributeType.TENSOR)?.t,
    branch: (name) => {
      const graph = find(name, AttributeType.GRAPH)?.g;
      return graph === undefined ? refuse(`a graph ${name}`, "none") : () => branch(graph);
    },
    refuse,
    checkAllRead: () => {
      const passed = attribute.find(({ name }) => !readAttributes.has(name));
      if (passed !== undefined) refuse("no other attributes than are known", `"${passed.name}"`);
      const extra = inputs.findIndex((each, place) =>
        each !== undefined && !readOperands.has(place)
      );
      if (extra !== -1) refuse("no more operands than are known", `one at place ${extra}`);
    },
  };
}

/** From an operator to its results in a graph; a single one may stand by itself. */
export type Rule = (call: OnnxCall) => Tensor | readonly (Tensor | undefined)[];

/** Rules by the operator's name. */
export type Rules = Readonly<Record<string, Rule>>;
