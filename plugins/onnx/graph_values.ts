/**
 * Values of initializers, in and out of ONNX files.
 *
 * @module
 */
import { toBinary } from "@bufbuild/protobuf";
import { dirname, join } from "node:path";
import { checkFinite } from "../../core/finite.ts";
import { ModelProtoSchema } from "../../core/graph/onnx_pb.ts";
import { externalPlace, tensorBytes } from "../../core/graph/onnx/tensor_values.ts";
import { writeFileAtomically } from "../../core/host/storage/atomic_file.ts";
import type { HostTensor } from "../../core/model.ts";
import type { GraphParameter } from "./graph_parameters.ts";
import type { OnnxFile } from "./onnx_file.ts";

/**
 * The values of some initializers.
 *
 * @throws {RangeError} if one is not finite.
 */
export async function readGraphValues(
  file: OnnxFile,
  parameters: readonly GraphParameter[],
): Promise<ReadonlyMap<string, HostTensor>> {
  const { proto } = await file.reread();
  const tensors = new Map(proto.graph!.initializer.map((each) => [each.name, each]));
  return new Map(parameters.map(({ name, shape }) => {
    const { buffer } = tensorBytes(tensors.get(name)!, file.external);
    const data = new Float32Array(buffer);
    checkFinite(`${file.address}: initializer "${name}"`, data);
    return [name, { shape, data }];
  }));
}

/**
 * Writes a model with new values in the place of some, under the same names: in the model's file those
 * that stand there, in the files beside it the others.
 */
export async function writeGraph(
  folder: string,
  file: OnnxFile,
  values: ReadonlyMap<string, HostTensor>,
): Promise<void> {
  const { proto } = await file.reread();
  const beside: {
    readonly location: string;
    readonly offset: number;
    readonly data: Uint8Array;
  }[] = [];
  for (const tensor of proto.graph!.initializer) {
    const value = values.get(tensor.name);
    if (value === undefined) continue;
    const data = new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength);
    const place = externalPlace(tensor);
    if (place !== undefined) {
      beside.push({ ...place, data });
      continue;
    }
    tensor.floatData = [];
    tensor.rawData = data.slice();
  }
  for (const [location, path] of file.beside) {
    const target = join(folder, location);
    await Deno.mkdir(dirname(target), { recursive: true });
    await writeFileAtomically(target, async (output) => {
      using source = await Deno.open(path);
      await source.readable.pipeTo(output.writable, { preventClose: true });
      for (const each of beside) {
        if (each.location !== location) continue;
        await output.seek(each.offset, Deno.SeekMode.Start);
        for (let at = 0; at < each.data.length;) at += await output.write(each.data.subarray(at));
      }
    });
  }
  await writeFileAtomically(join(folder, file.name), toBinary(ModelProtoSchema, proto));
}
