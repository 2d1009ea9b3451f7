#!/bin/sh
# ONNX Runtime: ReduceMax and ReduceMin return a number for values of which one is NaN, if the NaN is
# not the first of them; with the NaN first they return NaN. Max and Min of two tensors, NumPy and
# PyTorch return NaN wherever it stands. A check of a tensor by its largest value misses what broke.
#
# Seen with onnxruntime 1.30.0 (Python, CPU), opset 18:
#   ReduceMax of nan, 1, 2, 0: nan      of 1, nan, 2, 0: 2      of 1, 2, 0, nan: 2
#   ReduceMin of nan, 1, 2, 0: nan      of 1, nan, 2, 0: 1 (!)  of 1, 2, 0, nan: 0
#   Max of (1, 2) and (nan, 0): nan, 2
# It fails if ReduceMax or ReduceMin gives NaN for a NaN that is not the first.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet onnxruntime==1.30.0 onnx==1.22.0 numpy==2.4.6
cat > "$folder/reduce.py" <<'PYTHON'
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper


def run(operator, *tensors):
    names = [f"x{i}" for i in range(len(tensors))]
    infos = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, each.shape)
        for name, each in zip(names, tensors)
    ]
    reduces = operator.startswith("Reduce")
    node = helper.make_node(operator, names, ["y"], **({"keepdims": 0} if reduces else {}))
    shape = [] if reduces else tensors[0].shape
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)
    graph = helper.make_graph([node], operator, infos, [output])
    opset = [helper.make_opsetid("", 18)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=9)
    onnx.checker.check_model(model)
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, dict(zip(names, tensors)))[0]


nan = np.nan
rows = [np.array(row, np.float32) for row in ([nan, 1, 2, 0], [1, nan, 2, 0], [1, 2, 0, nan])]
print("onnxruntime", ort.__version__)
seen = {}
for operator in ["ReduceMax", "ReduceMin"]:
    seen[operator] = [float(run(operator, row)) for row in rows]
    print(operator, *(f"of {row.tolist()}: {value}" for row, value in zip(rows, seen[operator])))
two = run("Max", np.array([1, 2], np.float32), np.array([nan, 0], np.float32))
print("Max of (1, 2) and (nan, 0):", two.tolist())
for first, *others in seen.values():
    assert np.isnan(first), "a NaN that comes first is passed by too"
    assert not np.isnan(others).any(), "NaN is kept now"
assert np.isnan(two[0]), "Max passes by NaN too"
PYTHON
"$folder/venv/bin/python" "$folder/reduce.py"
