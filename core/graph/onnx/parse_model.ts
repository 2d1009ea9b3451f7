import { fromBinary } from "@bufbuild/protobuf";
import { type FunctionProto, type ModelProto, ModelProtoSchema } from "../onnx_pb.ts";

/** The first operator set that is read: from it on bounds are inputs, axes may be negative. */
export const FIRST_OPSET = 11;

/** The last one whose operators were read. */
export const LAST_OPSET = 28;

/** A model's graph with what its operators mean. */
export interface OnnxModel {
  readonly proto: ModelProto;
  /** The version of ONNX's operators that it is written in. */
  readonly opset: number;
  /** Operators that the model brings along as graphs, by domain and name. */
  readonly functions: ReadonlyMap<string, FunctionProto>;
}

/** The key of an operator among a model's own. */
export function functionKey(domain: string, name: string, overload: string): string {
  return [domain, name, overload].join("::");
}

/**
 * Reads the bytes of an ONNX model.
 *
 * @param what The file, for messages.
 * @throws {SyntaxError} if they are none, or of an operator set that is not read.
 */
export function parseModel(bytes: Uint8Array, what: string): OnnxModel {
  let proto: ModelProto;
  try {
    proto = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw new SyntaxError(`${what}: expected an ONNX model, found ${(cause as Error).message}`, {
      cause,
    });
  }
  if (proto.graph === undefined || proto.graph.output.length === 0) {
    throw new SyntaxError(`${what}: expected an ONNX model, found no graph with outputs`);
  }
  const own = proto.opsetImport.find(({ domain }) => isOnnxDomain(domain));
  const opset = Number(own?.version ?? 0);
  if (opset < FIRST_OPSET || opset > LAST_OPSET) {
    throw new SyntaxError(
      `${what}: expected operators of sets ${FIRST_OPSET} to ${LAST_OPSET}, found ${
        own === undefined ? "none of ONNX's" : `set ${opset}`
      }`,
    );
  }
  const functions = new Map(
    proto.functions.map((each) => [functionKey(each.domain, each.name, each.overload), each]),
  );
  return { proto, opset, functions };
}

/** Whether a domain is that of ONNX's own operators. */
export function isOnnxDomain(domain: string): boolean {
  return domain === "" || domain === "ai.onnx";
}
