import { create, toBinary } from "@bufbuild/protobuf";
import { onnxTypes } from "../../core/graph/cast.ts";
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from "../../core/graph/onnx_pb.ts";

/** An operator: its name, operands, results, attributes. */
export type NodeOfTest = readonly [
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes?: Readonly<Record<string, number | string | readonly (number | bigint)[]>>,
];

/** A float32 or int64 initializer. */
export function initializer(
  name: string,
  values: readonly number[],
  dims: readonly number[],
  dtype: "float32" | "int64" = "float32",
): TensorProto {
  const data = dtype === "float32" ? Float32Array.from(values) : BigInt64Array.from(values, BigInt);
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: onnxTypes[dtype],
    rawData: new Uint8Array(data.buffer),
  });
}

/** The bytes of a model. Dimensions of inputs are lengths or names. */
export function onnxBytes(model: {
  readonly nodes: readonly NodeOfTest[];
  readonly inputs?: Readonly<Record<string, readonly (number | string)[]>>;
  readonly types?: Readonly<Record<string, "float32" | "int64">>;
  readonly outputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly initializers?: readonly TensorProto[];
  readonly opset?: number;
}): Uint8Array<ArrayBuffer> {
  const { inputs = {}, types = {}, initializers = [], opset = 17 } = model;
  const info = (name: string, dims: readonly (number | string)[]) =>
    create(ValueInfoProtoSchema, {
      name,
      type: {
        value: {
          case: "tensorType",
          value: {
            elemType: onnxTypes[types[name] ?? "float32"],
            shape: {
              dim: dims.map((length) => ({
                value: typeof length === "number"
                  ? { case: "dimValue" as const, value: BigInt(length) }
                  : { case: "dimParam" as const, value: length },
              })),
            },
          },
        },
      },
    });
  const infos = (all: Readonly<Record<string, readonly (number | string)[]>>) =>
    Object.entries(all).map(([name, dims]) => info(name, dims));
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: "", version: BigInt(opset) }],
      graph: create(GraphProtoSchema, {
        node: model.nodes.map(([opType, input, output, attributes = {}], i) =>
          create(NodeProtoSchema, {
            name: `node ${i}`,
            opType,
            input: [...input],
            output: [...output],
            attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
          })
        ),
        input: infos(inputs),
        output: infos(model.outputs),
        initializer: [...initializers],
      }),
    }),
  );
}

function attribute(
  name: string,
  value: number | string | readonly (number | bigint)[],
): AttributeProto {
  if (typeof value === "string") {
    const s = new TextEncoder().encode(value);
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s });
  }
  if (typeof value === "number") {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  }
  return create(AttributeProtoSchema, {
    name,
    type: AttributeType.INTS,
    ints: value.map((each) => BigInt(each)),
  });
}
