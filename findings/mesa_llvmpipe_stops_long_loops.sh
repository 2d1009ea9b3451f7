#!/bin/sh
# Mesa's software Vulkan driver (llvmpipe) leaves a shader's loop after some 60,000 turns, without an
# error: a long sum on WebGPU comes out too small. Tests of WebGPU code on a machine without a GPU
# pass or fail by the length of what they sum.
#
# Seen with onnxruntime-web 1.30.0 in Deno 2.9.6 on the product of 70,000 ones with 70,000 ones:
#   Mesa 22.3.6's llvmpipe          61681
#   Chromium 156's SwiftShader      70000, which is right
# It fails if llvmpipe gives 70000 or SwiftShader does not. Needs Debian 12's mesa-vulkan-drivers and
# chromium (which brings SwiftShader).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet onnx==1.22.0 numpy==2.4.6
cat > "$folder/write.py" <<'PYTHON'
import sys

import onnx
from onnx import TensorProto, helper

LENGTH = 70_000
info = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
graph = helper.make_graph(
    [helper.make_node("MatMul", ["a", "b"], ["y"])],
    "product",
    [info("a", [1, LENGTH]), info("b", [LENGTH, 1])],
    [info("y", [1, 1])],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
onnx.checker.check_model(model)
onnx.save(model, f"{sys.argv[1]}/product.onnx")
PYTHON
cat > "$folder/run.ts" <<'DENO'
import * as ort from "npm:onnxruntime-web@1.30.0/webgpu";

const model = Deno.readFileSync(new URL("product.onnx", import.meta.url));
const session = await ort.InferenceSession.create(model, { executionProviders: ["webgpu"] });
const ones = (shape: number[]) => new ort.Tensor("float32", new Float32Array(70_000).fill(1), shape);
const { y } = await session.run({ a: ones([1, 70_000]), b: ones([70_000, 1]) });
const adapter = await navigator.gpu.requestAdapter();
console.error(ort.env.versions.web, adapter!.info.description, adapter!.info.vendor);
console.log(y!.data[0]);
Deno.exit(0);
DENO
"$folder/venv/bin/python" "$folder/write.py" "$folder"
cd "$folder"
product() {
  VK_ICD_FILENAMES="$1" npx -y deno@2.9.6 run -A --no-lock run.ts | tail -n 1
}
mesa=$(product /usr/share/vulkan/icd.d/lvp_icd.x86_64.json)
swiftshader=$(product /usr/lib/chromium/vk_swiftshader_icd.json)
echo "llvmpipe: $mesa"
echo "SwiftShader: $swiftshader"
[ "$swiftshader" = 70000 ] && [ "$mesa" -lt 70000 ]
