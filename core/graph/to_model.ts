/**
 * From symbolic tensors to the bytes of an ONNX model.
 *
 * @module
 */
import { create, toBinary } from "@bufbuild/protobuf";
import { onnxTypes } from "./cast.ts";
import { applySingle, showShape } from "./node.ts";
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "./onnx_pb.ts";
import type { Attribute, Node, Tensor } from "./tensor.ts";
import { topologicalOrder } from "./topology.ts";

/** What a program takes and gives. */
export interface Signature {
  /** Graph inputs; all inputs that the outputs depend on must be among them. */
  readonly inputs: readonly Tensor[];
  /** Tensors by the name that they get in the model. */
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** The operator set that models are written in. */
export const opset = 20;

/** How a model is written. */
export interface ModelOptions {
  /**
   * The operator that adds rows at repeated places ({@linkcode scatterAdd}). `"elements"` (the
   * default) is right everywhere. `"nd"`, for WebGPU alone: ONNX Runtime's CPU kernel of ScatterND
   * loses additions when several threads meet at one row (tests/runtime_cpu_test.ts).
   */
  readonly scatter?: "elements" | "nd";
  /** Names of the axes of inputs and outputs whose length a model leaves open. Default: none does. */
  readonly axes?: ReadonlyMap<Tensor, readonly (string | undefined)[]>;
}

/**
 * A ModelProto's bytes, for ONNX Runtime or any other ONNX tool. Equal graphs give equal bytes.
 *
 * @throws {TypeError} if an output depends on an input that is not listed, a listed one is no
 *   input, or a name stands twice.
 */
export function toModel(signature: Signature, options: ModelOptions = {}): Uint8Array {
  const { scatter = "elements", axes } = options;
  const inputNames = checkInputs(signature.inputs);
  const names = new Map<Tensor, string>(
    signature.inputs.map((tensor, i) => [tensor, inputNames[i]!]),
  );
  const outputs = nameOutputs(signature, names);
  const taken = new Set([...inputNames, ...Object.keys(signature.outputs)]);
  const initializers: TensorProto[] = [];
  const nodes: NodeProto[] = [];
  let counter = 0;
  const nameOf = (tensor: Tensor): string => {
    let name = names.get(tensor);
    if (name === undefined) {
      do name = `t${counter++}`; while (taken.has(name));
      names.set(tensor, name);
    }
    return name;
  };
  const write = (node: Node): void => {
    if (node.op === "input") {
      if (!names.has(node.outputs[0]!)) {
        throw new TypeError(
          `toModel: an output depends on input "${node.inputName}", which is not among the inputs`,
        );
      }
    } else if (node.op === "constant") {
      initializers.push(create(TensorProtoSchema, {
        name: nameOf(node.outputs[0]!),
        dataType: onnxTypes[node.outputs[0]!.dtype],
        dims: node.outputs[0]!.shape.map(BigInt),
        rawData: node.constantBytes!,
      }));
    } else if (node.op === "ScatterND" && scatter === "elements") {
      const { places, proto } = scatterElements(node, nameOf, nodes.length);
      initializers.push(places.shape);
      nodes.push(places.expand, proto);
    } else {
      nodes.push(nodeProto(node, nameOf, nodes.length));
    }
  };
  for (const node of topologicalOrder(outputs.map(({ tensor }) => tensor))) write(node);
  const model = create(ModelProtoSchema, {
    irVersion: 9n,
    producerName: "syntagma",
    opsetImport: [{ domain: "", version: BigInt(opset) }, { domain: "com.microsoft", version: 1n }],
    graph: create(GraphProtoSchema, {
      name: "program",
      node: nodes,
      initializer: initializers,
      input: signature.inputs.map((tensor, i) =>
        valueInfo(inputNames[i]!, tensor, axes?.get(tensor))
      ),
      output: outputs.map(({ name, tensor }) =>
        valueInfo(name, tensor, axes?.get(signature.outputs[name]!))
      ),
    }),
  });
  return toBinary(ModelProtoSchema, model);
}

function checkInputs(inputs: readonly Tensor[]): readonly string[] {
  const names = inputs.map((tensor) => {
    if (tensor.node.inputName === undefined) {
      throw new TypeError(
        `toModel: expected graph inputs, found the result of ${tensor.node.op} ${
          showShape(tensor.shape)
        }`,
      );
    }
    return tensor.node.inputName;
  });
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new TypeError(`toModel: two inputs have the name "${twice}"`);
  return names;
}

// An output that is a graph input, a constant, or already has a name gets a node of its own.
function nameOutputs(
  { inputs, outputs }: Signature,
  names: Map<Tensor, string>,
): readonly { readonly name: string; readonly tensor: Tensor }[] {
  const taken = new Set(inputs.map((tensor) => tensor.node.inputName));
  return Object.entries(outputs).map(([name, tensor]) => {
    if (taken.has(name)) throw new TypeError(`toModel: "${name}" names an input and an output`);
    const { op } = tensor.node;
    const alone = !names.has(tensor) && op !== "constant" && op !== "input";
    const named = alone
      ? tensor
      : applySingle("Identity", [tensor], { dtype: tensor.dtype, shape: tensor.shape });
    names.set(named, name);
    return { name, tensor: named };
  });
}

function nodeProto(node: Node, nameOf: (tensor: Tensor) => string, number: number): NodeProto {
  return create(NodeProtoSchema, {
    name: `${node.op}_${number}`,
    opType: node.op,
    domain: node.domain,
    input: node.inputs.map((operand) => operand === undefined ? "" : nameOf(operand)),
    output: node.outputs.map(nameOf),
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(name, value)),
  });
}

// Rows [m, 1] become places [m, …w], one for each element of the updates.
function scatterElements(node: Node, nameOf: (tensor: Tensor) => string, number: number) {
  const [base, rows, updates] = node.inputs.map((operand) => nameOf(operand!)) as [
    string,
    string,
    string,
  ];
  const shape = node.inputs[2]!.shape;
  const shapeName = `${nameOf(node.outputs[0]!)}/shape`;
  const placesName = `${nameOf(node.outputs[0]!)}/places`;
  return {
    places: {
      shape: create(TensorProtoSchema, {
        name: shapeName,
        dataType: onnxTypes.int64,
        dims: [BigInt(shape.length)],
        rawData: new Uint8Array(BigInt64Array.from(shape, BigInt).buffer),
      }),
      expand: create(NodeProtoSchema, {
        name: `Expand_${number}`,
        opType: "Expand",
        input: [rows, shapeName],
        output: [placesName],
      }),
    },
    proto: create(NodeProtoSchema, {
      name: `ScatterElements_${number + 1}`,
      opType: "ScatterElements",
      input: [base, placesName, updates],
      output: [nameOf(node.outputs[0]!)],
      attribute: [
        attributeProto("axis", { int: 0 }),
        attributeProto("reduction", { string: "add" }),
      ],
    }),
  };
}

function attributeProto(name: string, value: Attribute): AttributeProto {
  if ("int" in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value.int) });
  }
  if ("float" in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  }
  if ("string" in value) {
    const s = new TextEncoder().encode(value.string);
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s });
  }
  return create(AttributeProtoSchema, {
    name,
    type: AttributeType.INTS,
    ints: value.ints.map(BigInt),
  });
}

function valueInfo(
  name: string,
  tensor: Tensor,
  axes: readonly (string | undefined)[] = [],
): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: "tensorType",
        value: {
          elemType: onnxTypes[tensor.dtype],
          shape: {
            dim: tensor.shape.map((length, axis) => ({
              value: axes[axis] === undefined
                ? { case: "dimValue" as const, value: BigInt(length) }
                : { case: "dimParam" as const, value: axes[axis] },
            })),
          },
        },
      },
    },
  });
}
