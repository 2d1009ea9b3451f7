#!/bin/sh
# ONNX Runtime on the CPU: a float64 graph of operators that all have kernels cannot be loaded, since
# the optimiser fuses x · sigmoid(x) (SiLU) to com.microsoft.QuickGelu, which has no float64 kernel.
# With the optimiser off the same model runs. Whoever checks gradients in float64 meets it.
#
# Seen with onnxruntime 1.30.0 (Python):
#   optimiser on:   Failed to find kernel for com.microsoft.QuickGelu(1) …
#   optimiser off:  0.7310585786300049 for x = 1
# It fails if the model loads with the optimiser on, or does not run without it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet onnxruntime==1.30.0 onnx==1.22.0 numpy==2.4.6
cat > "$folder/silu.py" <<'PYTHON'
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper

info = lambda name: helper.make_tensor_value_info(name, TensorProto.DOUBLE, [4])
nodes = [helper.make_node("Sigmoid", ["x"], ["s"]), helper.make_node("Mul", ["x", "s"], ["y"])]
graph = helper.make_graph(nodes, "silu", [info("x")], [info("y")])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
onnx.checker.check_model(model)


def load(level):
    options = ort.SessionOptions()
    options.graph_optimization_level = level
    options.log_severity_level = 4
    return ort.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


print("onnxruntime", ort.__version__)
plain = load(ort.GraphOptimizationLevel.ORT_DISABLE_ALL)
value = plain.run(None, {"x": np.array([1, 2, 3, 4], np.float64)})[0][0]
print("optimiser off:", value)
assert abs(value - 1 / (1 + np.exp(-1.0))) < 1e-12
try:
    load(ort.GraphOptimizationLevel.ORT_ENABLE_ALL)
except Exception as error:
    print("optimiser on:", error)
    assert "QuickGelu" in str(error), "another fault"
else:
    raise SystemExit("the model loads with the optimiser on: this has changed")
PYTHON
"$folder/venv/bin/python" "$folder/silu.py"
