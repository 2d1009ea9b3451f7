#!/bin/sh
# ONNX Runtime on WebGPU: MatMul of float16 adds its terms up in float16. The error grows with the
# number of terms, to per cents for a weight's gradient, which has as many terms as a batch has rows.
# cuBLAS, and with it PyTorch on a GPU, takes float16 factors too but adds up in float32: there the
# error stays that of rounding the factors and the result once.
#
# Seen with onnxruntime-web 1.30.0 in Deno 2.9.6, on Mesa 22.3.6's llvmpipe: the error of a product
# [64, k] x [k, 64] of numbers between -0.4 and 0.6, against sums in float64 of the same float16
# factors, relative to the root mean square of the results:
#   k       WebGPU   rounded once
#   64      0.001    0.0002
#   768     0.003    0.0002
#   3072    0.006    0.0002
#   12800   0.012    0.0002
# It fails if at 12,800 terms the error is below ten times that of rounding the result once. Needs a
# Vulkan driver whose adapter has shader-f16, such as Debian's mesa-vulkan-drivers.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet onnx==1.22.0 numpy==2.4.6
cat > "$folder/write.py" <<'PYTHON'
import sys

import onnx
from onnx import TensorProto, helper

half = TensorProto.FLOAT16
info = helper.make_tensor_value_info
inputs = [info("a", half, ["n", "k"]), info("b", half, ["k", "m"])]
node = helper.make_node("MatMul", ["a", "b"], ["y"])
graph = helper.make_graph([node], "product", inputs, [info("y", half, ["n", "m"])])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
onnx.checker.check_model(model)
onnx.save(model, f"{sys.argv[1]}/product.onnx")
PYTHON
cat > "$folder/run.ts" <<'DENO'
import * as ort from "npm:onnxruntime-web@1.30.0/webgpu";

console.log("onnxruntime-web", ort.env.versions.web, "Deno", Deno.version.deno);
const model = Deno.readFileSync(new URL("product.onnx", import.meta.url));
const session = await ort.InferenceSession.create(model, {
  executionProviders: ["webgpu"],
  logSeverityLevel: 4,
});
let state = 1;
const number = () => (state = state * 16807 % 2147483647) / 2147483647 - 0.4;
const side = 64;
let last = [0, 0];
for (const k of [64, 768, 3072, 12800]) {
  const a = Float16Array.from({ length: side * k }, number);
  const b = Float16Array.from({ length: k * side }, number);
  const tensor = (data: Float16Array, shape: number[]) => new ort.Tensor("float16", data, shape);
  const { y } = await session.run({ a: tensor(a, [side, k]), b: tensor(b, [k, side]) });
  const data = y!.data as unknown as Float16Array | Uint16Array;
  const found = data instanceof Uint16Array ? new Float16Array(data.slice().buffer) : data;
  let [size, error, once] = [0, 0, 0];
  for (let i = 0; i < side * side; i++) {
    let sum = 0;
    for (let at = 0; at < k; at++) {
      sum += a[Math.floor(i / side) * k + at]! * b[at * side + i % side]!;
    }
    size += sum ** 2;
    error += (found[i]! - sum) ** 2;
    once += (Math.f16round(sum) - sum) ** 2;
  }
  last = [Math.sqrt(error / size), Math.sqrt(once / size)];
  console.log(`${k} terms: error ${last[0]!.toFixed(5)}, rounded once ${last[1]!.toFixed(5)}`);
}
const changed = last[0]! < 10 * last[1]!;
if (changed) console.log("this has changed");
Deno.exit(changed ? 1 : 0);
DENO
"$folder/venv/bin/python" "$folder/write.py" "$folder"
cd "$folder"
npx -y deno@2.9.6 run -A --no-lock run.ts
