#!/bin/sh
# ONNX Runtime on WebGPU: a captured graph leaves out copies. Graph capture keeps the dispatches of a run
# and replays them; what an operator does by copying a buffer is not among them. A graph that ends with
# Reshape gives the answer to its first input again and again, and ScatterND with reduction "add" adds
# onto what it left the last time (in the first run too, which computes twice: before it captures, and
# after). Nothing is told, neither when the session is made nor when it is run.
#
# Seen with onnxruntime-web 1.30.0 in Deno 2.9.6, on Mesa 22.3.6's llvmpipe and on Chromium 156's
# SwiftShader alike:
#                                               without capture   with capture
#   x + 1             of x = 1, 2, 3            2 3 4             2 3 4
#   Reshape(x + 1)    of x = 1, 2, 3            2 3 4             2 2 2
#   Reshape(x) + 1    of x = 1, 2, 3            2 3 4             2 3 4
#   0 with x added by ScatterND, x = 1, 2, 3    1 2 3             2 4 7
# It fails if one of these changes. Needs a Vulkan driver, such as Debian's mesa-vulkan-drivers.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet onnx==1.22.0 numpy==2.4.6
cat > "$folder/write.py" <<'PYTHON'
import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper


def write(name, *nodes):
    constants = [
        numpy_helper.from_array(numpy.ones([1], numpy.float32), "one"),
        numpy_helper.from_array(numpy.zeros([4], numpy.float32), "zeros"),
        numpy_helper.from_array(numpy.array([2, 2]), "square"),
        numpy_helper.from_array(numpy.arange(4).reshape(4, 1), "places"),
    ]
    used = {each for node in nodes for each in node.input}
    info = lambda each, shape: helper.make_tensor_value_info(each, TensorProto.FLOAT, shape)
    output = info("y", [4] if name in ("sum", "scatter") else [2, 2])
    graph = helper.make_graph(
        nodes, name, [info("x", [4])], [output], [each for each in constants if each.name in used]
    )
    opset = [helper.make_opsetid("", 18)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, f"{sys.argv[1]}/{name}.onnx")


node = helper.make_node
write("sum", node("Add", ["x", "one"], ["y"]))
write("last", node("Add", ["x", "one"], ["s"]), node("Reshape", ["s", "square"], ["y"]))
write("first", node("Reshape", ["x", "square"], ["r"]), node("Add", ["r", "one"], ["y"]))
write("scatter", node("ScatterND", ["zeros", "places", "x"], ["y"], reduction="add"))
PYTHON
"$folder/venv/bin/python" "$folder/write.py" "$folder"
cat > "$folder/run.ts" <<'DENO'
import * as ort from "npm:onnxruntime-web@1.30.0/webgpu";

console.log("onnxruntime-web", ort.env.versions.web, "Deno", Deno.version.deno);
const adapter = await navigator.gpu.requestAdapter();
if (adapter === null) throw new Error("no WebGPU adapter was found");
console.log("adapter:", adapter.info.description);
const device = await adapter.requestDevice();

/** The first value of y for x = 1, 2 and 3, written into the same buffer. */
async function run(name: string, enableGraphCapture: boolean): Promise<string> {
  const model = Deno.readFileSync(new URL(`${name}.onnx`, import.meta.url));
  const session = await ort.InferenceSession.create(model, {
    executionProviders: [{ name: "webgpu", device }],
    preferredOutputLocation: "gpu-buffer",
    enableGraphCapture,
    logSeverityLevel: 4,
  });
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: 16, usage });
  const x = ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims: [4] });
  const seen: unknown[] = [];
  for (const value of [1, 2, 3]) {
    device.queue.writeBuffer(buffer, 0, new Float32Array(4).fill(value));
    const { y } = await session.run({ x });
    seen.push((await y!.getData())[0]);
  }
  return seen.join(" ");
}

const found: string[] = [];
for (const name of ["sum", "last", "first", "scatter"]) {
  const [plain, captured] = [await run(name, false), await run(name, true)];
  console.log(`${name.padEnd(8)} without capture ${plain}   with capture ${captured}`);
  found.push(`${plain}, ${captured}`);
}
const expected = ["2 3 4, 2 3 4", "2 3 4, 2 2 2", "2 3 4, 2 3 4", "1 2 3, 2 4 7"];
const changed = found.join("; ") !== expected.join("; ");
if (changed) console.log("this has changed");
Deno.exit(changed ? 1 : 0);
DENO
cd "$folder"
npx -y deno@2.9.6 run -A --no-lock run.ts
