#!/bin/sh
# ONNX Runtime on an x86 CPU: a graph of float16 is not rounded to float16 between its nodes. Where no
# float16 kernel is there, neighbouring nodes run in float32 and the casts between them are dropped,
# with all optimisations turned off as well. So a graph that overflows on a GPU, or loses small terms
# there, is sound on the CPU: a float16 export that was compared there alone was not tested.
#
# Seen with onnxruntime 1.32.0, onnx 1.23.2 and NumPy 2.4.6 on Python 3.11, x = 0.0001 and 40000:
#                        rounded after each node   found, at both levels of optimisation
#   (x + 1) - 1          0        40000            0.0001   40000
#   (x + x) - x          0.0001   infinite         0.0001   40000
# It fails if the CPU's results become those of float16.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cat > "$folder/run.py" <<'PYTHON'
import platform

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper

print(f"onnxruntime {ort.__version__}, onnx {onnx.__version__}, NumPy {np.__version__},", end=" ")
print(f"Python {platform.python_version()}, {platform.machine()}")
half = TensorProto.FLOAT16
np.seterr(over="ignore")


def run(nodes, x, level):
    def value(name):
        return helper.make_tensor_value_info(name, half, ["n"])

    one = helper.make_tensor("one", half, [], [1.0])
    graph = helper.make_graph(nodes, "chain", [value("x")], [value("y")], [one])
    opset = helper.make_opsetid("", 18)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=9)
    onnx.checker.check_model(model)
    options = ort.SessionOptions()
    options.graph_optimization_level = level
    session = ort.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return session.run(None, {"x": x})[0]


x = np.array([1e-4, 40000], np.float16)
one = np.float16(1)
cases = {
    "(x + 1) - 1": ([("Add", ["x", "one"]), ("Sub", ["a", "one"])], (x + one) - one),
    "(x + x) - x": ([("Add", ["x", "x"]), ("Sub", ["a", "x"])], (x + x) - x),
}
changed = False
for name, ((first, second), rounded) in cases.items():
    nodes = [
        helper.make_node(first[0], first[1], ["a"]),
        helper.make_node(second[0], second[1], ["y"]),
    ]
    print(name, "rounded:", rounded)
    for level in ("ORT_DISABLE_ALL", "ORT_ENABLE_ALL"):
        found = run(nodes, x, getattr(ort.GraphOptimizationLevel, level))
        print(f"  {level}: {found}")
        changed = changed or np.array_equal(found, rounded)
raise SystemExit("the CPU rounds between nodes now" if changed else 0)
PYTHON
"$folder/venv/bin/python" "$folder/run.py"
