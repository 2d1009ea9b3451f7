import { fromBinary } from "@bufbuild/protobuf";
import { type ModelOptions, type Signature, toModel } from "../../core/graph/to_model.ts";
import { type ModelProto, ModelProtoSchema } from "../../core/graph/onnx_pb.ts";

/** A graph's model, read back from its bytes. */
export function modelOf(signature: Signature, options: ModelOptions = {}): ModelProto {
  return fromBinary(ModelProtoSchema, toModel(signature, options));
}

/** The operators of a graph's model, in the order in which they run. */
export function nodeOperators(signature: Signature): string[] {
  return modelOf(signature).graph!.node.map((node) => node.opType);
}
