#!/bin/sh
# ONNX Runtime on WebGPU: LayerNormalization computes the variance as the mean of squares minus the
# square of the mean. Where the mean is large beside the spread, float32 has nothing left of it: the
# result is wrong by orders of magnitude, without an error. On wasm (as on the CPU) it is right.
#
# Seen with onnxruntime-web 1.30.0 in Deno 2.9.6, on Mesa 22.3.6's llvmpipe and on Chromium 156's
# SwiftShader alike, for the row 10000, 10001, 10002, 10003:
#   wasm    -1.3416 -0.4472 0.4472 1.3416
#   webgpu  -474.34 -158.11 158.11 474.34    (the variance came out as 0, and epsilon is 1e-5)
# It fails if this changes. Needs a Vulkan driver, such as Debian's mesa-vulkan-drivers.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet onnx==1.22.0 numpy==2.4.6
cat > "$folder/write.py" <<'PYTHON'
import sys

import onnx
from onnx import TensorProto, helper

row = ("x", TensorProto.FLOAT, [1, 4])
node = helper.make_node("LayerNormalization", ["x", "scale"], ["y"], axis=1)
graph = helper.make_graph(
    [node],
    "norm",
    [helper.make_tensor_value_info(*row)],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 4])],
    [helper.make_tensor("scale", TensorProto.FLOAT, [4], [1.0] * 4)],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
onnx.checker.check_model(model)
onnx.save(model, f"{sys.argv[1]}/norm.onnx")
PYTHON
cat > "$folder/run.ts" <<'DENO'
import * as ort from "npm:onnxruntime-web@1.30.0/webgpu";

console.log("onnxruntime-web", ort.env.versions.web, "Deno", Deno.version.deno);
const first: number[] = [];
for (const provider of ["wasm", "webgpu"]) {
  const model = Deno.readFileSync(new URL("norm.onnx", import.meta.url));
  const session = await ort.InferenceSession.create(model, { executionProviders: [provider] });
  const x = new ort.Tensor("float32", Float32Array.of(10000, 10001, 10002, 10003), [1, 4]);
  const { y } = await session.run({ x });
  const row = [...y!.data as Float32Array];
  console.log(provider, row.map((value) => value.toFixed(4)).join(" "));
  first.push(row[0]!);
}
// The row less its mean, 10001.5, over its deviation, sqrt(1.25).
const right = -1.5 / Math.sqrt(1.25);
const asSeen = Math.abs(first[0]! - right) < 1e-3 && Math.abs(first[1]! - right) > 100;
if (!asSeen) console.log("this has changed");
Deno.exit(asSeen ? 0 : 1);
DENO
"$folder/venv/bin/python" "$folder/write.py" "$folder"
cd "$folder"
npx -y deno@2.9.6 run -A --no-lock run.ts
