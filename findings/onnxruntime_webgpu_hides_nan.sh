#!/bin/sh
# ONNX Runtime on WebGPU: Relu, Clip and Softmax turn NaN into numbers, and a softmax row of -infinity
# into zeros. On wasm (as on the CPU) NaN stays NaN. A training run whose numbers broke looks sound on
# WebGPU.
#
# Seen with onnxruntime-web 1.30.0 in Deno 2.9.6, on Mesa 22.3.6's llvmpipe and on Chromium 156's
# SwiftShader alike:
#                                   wasm                 webgpu
#   Relu     of NaN, -1, 2          NaN 0 2              0 0 2
#   Clip     of NaN, -1, 2 to 0..1  NaN 0 1              0 0 1
#   Softmax  of (NaN, 1), (-inf, -inf), (0, 0)
#                                   NaN x 4, 0.5 0.5     0 0 0 0 0.5 0.5
# It fails if one of these changes. Needs a Vulkan driver, such as Debian's mesa-vulkan-drivers.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet onnx==1.22.0 numpy==2.4.6
cat > "$folder/write.py" <<'PYTHON'
import sys

import onnx
from onnx import TensorProto, helper


def write(name, node, inputs, output, initializers=()):
    infos = [helper.make_tensor_value_info(*each) for each in inputs]
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, output)
    graph = helper.make_graph([node], name, infos, [result], list(initializers))
    opset = [helper.make_opsetid("", 18)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, f"{sys.argv[1]}/{name}.onnx")


FLOAT = TensorProto.FLOAT
limit = lambda name, value: helper.make_tensor(name, FLOAT, [], [value])
write("relu", helper.make_node("Relu", ["x"], ["y"]), [("x", FLOAT, [3])], [3])
clip = helper.make_node("Clip", ["x", "least", "most"], ["y"])
write("clip", clip, [("x", FLOAT, [3])], [3], [limit("least", 0.0), limit("most", 1.0)])
softmax = helper.make_node("Softmax", ["x"], ["y"], axis=1)
write("softmax", softmax, [("x", FLOAT, [3, 2])], [3, 2])
PYTHON
cat > "$folder/run.ts" <<'DENO'
import * as ort from "npm:onnxruntime-web@1.30.0/webgpu";

const float = (values: number[], shape: number[]) =>
  new ort.Tensor("float32", Float32Array.from(values), shape);
const feeds: Record<string, Record<string, ort.Tensor>> = {
  relu: { x: float([NaN, -1, 2], [3]) },
  clip: { x: float([NaN, -1, 2], [3]) },
  softmax: { x: float([NaN, 1, -Infinity, -Infinity, 0, 0], [3, 2]) },
};
const expected: Record<string, Record<string, string>> = {
  wasm: { relu: "NaN 0 2", clip: "NaN 0 1", softmax: "NaN NaN NaN NaN 0.5 0.5" },
  webgpu: { relu: "0 0 2", clip: "0 0 1", softmax: "0 0 0 0 0.5 0.5" },
};
console.log("onnxruntime-web", ort.env.versions.web, "Deno", Deno.version.deno);
let changed = false;
for (const provider of ["wasm", "webgpu"]) {
  for (const [name, inputs] of Object.entries(feeds)) {
    const model = Deno.readFileSync(new URL(`${name}.onnx`, import.meta.url));
    const options = { executionProviders: [provider], logSeverityLevel: 4 as const };
    const session = await ort.InferenceSession.create(model, options);
    const { y } = await session.run(inputs);
    const seen = [...y!.data as Float32Array].join(" ");
    console.log(`${provider} ${name}: ${seen}`);
    changed ||= seen !== expected[provider]![name];
  }
}
if (changed) console.log("this has changed");
Deno.exit(changed ? 1 : 0);
DENO
"$folder/venv/bin/python" "$folder/write.py" "$folder"
cd "$folder"
npx -y deno@2.9.6 run -A --no-lock run.ts
