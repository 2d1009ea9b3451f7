/**
 * ONNX's own backend tests of single operators, as the Python package `onnx` makes them:
 * `deno run -A scripts/onnx_node_tests.ts <folder of node tests> [name]`. Prints what passes, what is
 * refused and why, and what is wrong; ends with 1 if anything is.
 *
 * Whole numbers that shapes depend on are inputs in these tests; they are given as constants.
 */
import { fromBinary } from "@bufbuild/protobuf";
import { bytesPerElement, viewHostArray } from "../core/device/host_array.ts";
import type { Device, DeviceTensor } from "../core/device/device.ts";
import { UnknownOperandError } from "../core/graph/onnx/call.ts";
import { importGraph } from "../core/graph/onnx/import_graph.ts";
import { type OnnxModel, parseModel } from "../core/graph/onnx/parse_model.ts";
import { dtypeOf, shapeOf, tensorBytes } from "../core/graph/onnx/tensor_values.ts";
import { input } from "../core/graph/node.ts";
import { constantOfBytes } from "../core/graph/node.ts";
import { type TensorProto, TensorProtoSchema } from "../core/graph/onnx_pb.ts";
import type { Tensor } from "../core/graph/tensor.ts";
import { openDevice } from "../core/host/devices/open_device.ts";

type Outcome = "pass" | "refused" | "no kernel" | "wrong";

const [folder, only] = Deno.args;
if (folder === undefined) {
  console.error("usage: deno run -A scripts/onnx_node_tests.ts <folder> [name]");
  Deno.exit(2);
}
const device = await openDevice("cpu");
const outcomes: { name: string; outcome: Outcome; reason: string }[] = [];
const names = [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
for (const name of names) {
  if (only !== undefined && !name.includes(only)) continue;
  const [outcome, reason] = await runTest(`${folder}/${name}`, device);
  outcomes.push({ name, outcome, reason });
  if (outcome === "wrong" || only !== undefined) console.log(`${outcome}: ${name}: ${reason}`);
}
await device.dispose();
for (const outcome of ["pass", "refused", "no kernel", "wrong"] as const) {
  console.log(`${outcome}: ${outcomes.filter((each) => each.outcome === outcome).length}`);
}
await Deno.mkdir("runs", { recursive: true });
await Deno.writeTextFile("runs/onnx_node_tests.json", JSON.stringify(outcomes, null, 1));
if (outcomes.some(({ outcome }) => outcome === "wrong")) Deno.exit(1);

async function runTest(path: string, device: Device): Promise<readonly [Outcome, string]> {
  let model: OnnxModel;
  try {
    model = parseModel(await Deno.readFile(`${path}/model.onnx`), "model");
    for (const name of sets(path)) {
      const fault = await runSet(model, `${path}/${name}`, device);
      if (fault !== undefined) return ["wrong", fault];
    }
  } catch (error) {
    const { message } = error as Error;
    const isKernel = /NOT_IMPLEMENTED|Could not find an implementation|not supported/i.test(
      message,
    );
    return [isKernel ? "no kernel" : "refused", message.split("\n")[0]!];
  }
  return ["pass", ""];
}

function sets(path: string): readonly string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name)
    .filter((name) => name.startsWith("test_data_set_")).toSorted();
}

async function runSet(model: OnnxModel, path: string, device: Device): Promise<string | undefined> {
  const { graph } = model.proto;
  const held = new Set(graph!.initializer.map(({ name }) => name));
  const infos = graph!.input.filter(({ name }) => !held.has(name));
  const given = infos.flatMap((info, i) => {
    const tensor = readTensor(`${path}/input_${i}.pb`);
    return tensor === undefined ? [] : [{ name: info.name, ...tensor }];
  });
  const fixed = new Set<string>();
  let outputs: ReadonlyMap<string, Tensor>;
  let inputs: Map<string, Tensor>;
  for (;;) {
    inputs = new Map(given.map(({ name, bytes, shape, dtype }) => [
      name,
      fixed.has(name) ? constantOfBytes(bytes, shape, dtype) : input(name, dtype, shape),
    ]));
    try {
      outputs = importGraph(model, { inputs });
      break;
    } catch (error) {
      const whole = given.filter(({ dtype, name }) => !fixed.has(name) && !isReal(dtype));
      const open = whole.length > 0 ? whole : given.filter(({ name }) => !fixed.has(name));
      if (!(error instanceof UnknownOperandError) || open.length === 0) throw error;
      for (const { name } of open) fixed.add(name);
    }
  }
  const symbols = [...inputs.values()].filter(({ node }) => node.op === "input");
  const program = await device.compile({
    inputs: symbols,
    outputs: Object.fromEntries([...outputs].map(([name, tensor]) => [`${name} `, tensor])),
  });
  const tensors: Record<string, DeviceTensor> = {};
  for (const { name, bytes, shape, dtype } of given) {
    if (fixed.has(name)) continue;
    const length = bytes.length / bytesPerElement[dtype];
    tensors[name] = device.upload(viewHostArray(dtype, bytes.buffer, 0, length), shape, dtype);
  }
  try {
    const found = await program.run(tensors);
    for (const [i, { name }] of graph!.output.entries()) {
      const expected = readTensor(`${path}/output_${i}.pb`);
      if (expected === undefined || name === "") continue;
      const tensor = found[`${name} `]!;
      const fault = tensor.dtype !== expected.dtype || tensor.shape.join() !== expected.shape.join()
        ? `expected ${expected.dtype} [${expected.shape}], found ${tensor.dtype} [${tensor.shape}]`
        : difference(
          numbers(expected.dtype, expected.bytes),
          numbers(tensor.dtype, bytesOf(await tensor.read())),
        );
      if (fault !== undefined) return `${name}: ${fault}`;
    }
    for (const tensor of Object.values(found)) tensor.dispose();
  } finally {
    for (const tensor of Object.values(tensors)) tensor.dispose();
    await program.dispose();
  }
  return undefined;
}

function isReal(dtype: string): boolean {
  return dtype.startsWith("float");
}

function readTensor(path: string) {
  let proto: TensorProto;
  try {
    proto = fromBinary(TensorProtoSchema, Deno.readFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const bytes = tensorBytes(proto, () => new Uint8Array());
  return { bytes, shape: shapeOf(proto), dtype: dtypeOf("tensor", proto.dataType) };
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice();
}

function numbers(dtype: Tensor["dtype"], bytes: Uint8Array<ArrayBuffer>): readonly number[] {
  const length = bytes.length / bytesPerElement[dtype];
  const values = dtype === "float16"
    ? new Float16Array(bytes.buffer, 0, length)
    : viewHostArray(dtype, bytes.buffer, 0, length);
  return Array.from(values as ArrayLike<number | bigint>, Number);
}

/** ONNX's own bounds: 1e-3 of the value and 1e-7. */
function difference(expected: readonly number[], found: readonly number[]): string | undefined {
  const at = expected.findIndex((value, i) =>
    !(Object.is(value, found[i]) || value === found[i] ||
      Math.abs(value - found[i]!) <= 1e-7 + 1e-3 * Math.abs(value))
  );
  return at === -1 ? undefined : `expected ${expected[at]} at ${at}, found ${found[at]}`;
}
