#!/bin/sh
# ONNX Runtime on the CPU: ScatterND with reduction "add" loses additions when rows repeat and more
# than one thread works. The result is wrong from run to run, without an error.
#
# ONNX allows repeated indices with a reduction ("add" sums all of them), and it is how a gradient
# is added onto the rows of an embedding table. With one thread, or with ScatterElements on the same
# numbers, every run is right.
#
# Seen with onnxruntime 1.30.0 (Python) on an AMD EPYC, 2 cores:
#   ScatterND        1 thread:  0 of 3000 runs wrong
#   ScatterND        2 threads: 31 of 3000 runs wrong (elsewhere 4 to 66 of 300, by how busy the
#                    machine was)
#   ScatterElements  2 threads: 0 of 3000 runs wrong
# It fails if ScatterND is right in all runs, or anything else is wrong. Needs two cores.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet onnxruntime==1.30.0 onnx==1.22.0 numpy==2.4.6
cat > "$folder/scatter.py" <<'PYTHON'
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper

ROWS, UPDATES, WIDTH, RUNS = 4, 512, 512, 3000


def session(operator, threads):
    row_of_each = [UPDATES, 1] if operator == "ScatterND" else [UPDATES, WIDTH]
    inputs = [
        helper.make_tensor_value_info("table", TensorProto.FLOAT, [ROWS, WIDTH]),
        helper.make_tensor_value_info("indices", TensorProto.INT64, row_of_each),
        helper.make_tensor_value_info("updates", TensorProto.FLOAT, [UPDATES, WIDTH]),
    ]
    output = helper.make_tensor_value_info("sums", TensorProto.FLOAT, [ROWS, WIDTH])
    axis = {} if operator == "ScatterND" else {"axis": 0}
    node = helper.make_node(
        operator, ["table", "indices", "updates"], ["sums"], reduction="add", **axis
    )
    graph = helper.make_graph([node], "scatter", inputs, [output])
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9
    )
    onnx.checker.check_model(model)
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def wrong_runs(operator, threads):
    each = (np.arange(UPDATES) % ROWS).astype(np.int64)[:, None]
    feed = {
        "table": np.zeros((ROWS, WIDTH), np.float32),
        "indices": each if operator == "ScatterND" else np.repeat(each, WIDTH, 1),
        "updates": np.ones((UPDATES, WIDTH), np.float32),
    }
    # Whole numbers this small have no rounding, in any order of the additions.
    expected = np.full((ROWS, WIDTH), UPDATES / ROWS, np.float32)
    run = session(operator, threads)
    return sum(not np.array_equal(run.run(None, feed)[0], expected) for _ in range(RUNS))


print("onnxruntime", ort.__version__, "onnx", onnx.__version__)
found = {}
for operator, threads in [("ScatterND", 1), ("ScatterND", 2), ("ScatterElements", 2)]:
    found[operator, threads] = wrong_runs(operator, threads)
    print(f"{operator}, {threads} threads: {found[operator, threads]} of {RUNS} runs wrong")
assert found["ScatterND", 1] == 0 and found["ScatterElements", 2] == 0, "others are wrong too"
assert found["ScatterND", 2] > 0, "ScatterND was right in all runs"
PYTHON
"$folder/venv/bin/python" "$folder/scatter.py"
