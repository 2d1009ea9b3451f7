#!/bin/sh
# ONNX Runtime on WebGPU: Split with more outputs than the GPU binds storage buffers at once fails when
# it is run, while Concat of as many inputs is computed in several goes. WebGPU promises 8 buffers
# (maxStorageBuffersPerShaderStage), many GPUs have 10 or 16: a graph that splits packed weights or
# heads runs on one machine and not on another. Nothing is told when the session is made.
#
# Seen with onnxruntime-web 1.30.0 in Deno 2.9.6, on Mesa 22.3.6's llvmpipe, which binds 32:
#   Concat of 40, Split into 16   right
#   Split into 40                 the run raises an error of ShaderHelper::AddVariableImpl
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

info = lambda name, length: helper.make_tensor_value_info(name, TensorProto.FLOAT, [length])


def write(name, node, inputs, outputs):
    graph = helper.make_graph([node], name, inputs, outputs)
    opset = [helper.make_opsetid("", 18)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, f"{sys.argv[1]}/{name}.onnx")


for count in map(int, sys.argv[2:]):
    parts = [f"part{i}" for i in range(count)]
    infos = [info(part, 2) for part in parts]
    split = helper.make_node("Split", ["whole"], parts, axis=0, num_outputs=count)
    write(f"split{count}", split, [info("whole", 2 * count)], infos)
    concat = helper.make_node("Concat", parts, ["whole"], axis=0)
    write(f"concat{count}", concat, infos, [info("whole", 2 * count)])
PYTHON
cat > "$folder/run.ts" <<'DENO'
import * as ort from "npm:onnxruntime-web@1.30.0/webgpu";

console.log("onnxruntime-web", ort.env.versions.web, "Deno", Deno.version.deno);
const few = Number(Deno.args[0]), many = Number(Deno.args[1]);

async function run(name: string, inputs: Record<string, ort.Tensor>): Promise<string> {
  const model = Deno.readFileSync(new URL(`${name}.onnx`, import.meta.url));
  const options = { executionProviders: ["webgpu"], logSeverityLevel: 4 as const };
  const session = await ort.InferenceSession.create(model, options);
  try {
    const outputs = await session.run(inputs);
    const values = session.outputNames.flatMap((each) => [...outputs[each]!.data as Float32Array]);
    return values.every((value, i) => value === i) ? "right" : `wrong: ${values.join(" ")}`;
  } catch (error) {
    return /AddVariableImpl/.test(String(error)) ? "raised AddVariableImpl" : String(error);
  }
}

const tensor = (from: number, length: number) =>
  new ort.Tensor("float32", Float32Array.from({ length }, (_, i) => from + i), [length]);
const parts = Object.fromEntries(
  Array.from({ length: many }, (_, i) => [`part${i}`, tensor(2 * i, 2)]),
);
const seen = [
  await run(`concat${many}`, parts),
  await run(`split${few}`, { whole: tensor(0, 2 * few) }),
  await run(`split${many}`, { whole: tensor(0, 2 * many) }),
];
console.log(`Concat of ${many}: ${seen[0]}`);
console.log(`Split into ${few}: ${seen[1]}`);
console.log(`Split into ${many}: ${seen[2]}`);
const changed = seen.join() !== "right,right,raised AddVariableImpl";
if (changed) console.log("this has changed");
Deno.exit(changed ? 1 : 0);
DENO
cat > "$folder/limit.ts" <<'DENO'
const adapter = await navigator.gpu.requestAdapter();
if (adapter === null) throw new Error("no WebGPU adapter was found");
const most = adapter.limits.maxStorageBuffersPerShaderStage;
console.log(Math.floor(most / 2), most + 8);
Deno.exit(0);
DENO
cd "$folder"
counts=$(npx -y deno@2.9.6 run -A --no-lock limit.ts)
"$folder/venv/bin/python" "$folder/write.py" "$folder" $counts
npx -y deno@2.9.6 run -A --no-lock run.ts $counts
