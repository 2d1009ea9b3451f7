#!/bin/sh
# onnx's reference evaluator, which others take for the truth, computes two norms otherwise than ONNX's
# specification and ONNX Runtime:
#   LpNormalization with p = 1 divides by the sum of the values, not of their magnitudes
#   LRN takes the length of the batch for the number of channels: of a batch of 1 all channels but the
#   first are returned as they were
# Tests of an exporter or a runtime against it pass on positive values and on square shapes, and fail,
# or hide a fault, on others.
#
# Seen with onnx 1.23.2, onnxruntime 1.32.0, numpy 2.4.6:
#   LpNormalization, p 1, of (-1, 3) and (2, -4)
#     reference (-0.5, 1.5), (-1, 2)      onnxruntime (-0.25, 0.75), (0.333, -0.667)
#   LRN, size 3, alpha 3, beta 1, of the channels 1, 2, 3, 4
#     reference 0.167, 2, 3, 4            onnxruntime 0.167, 0.133, 0.1, 0.154
# It fails if one of these changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

print("onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__, "numpy", numpy.__version__)


def both(node, x):
    info = [helper.make_tensor_value_info(name, TensorProto.FLOAT, x.shape) for name in "xy"]
    graph = helper.make_graph([node], "norm", info[:1], info[1:])
    opset = [helper.make_opsetid("", 22)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    reference = ReferenceEvaluator(model).run(None, {"x": x})[0]
    runtime = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": x})[0]
    print(node.op_type)
    print("  reference  ", reference.ravel().round(4))
    print("  onnxruntime", runtime.ravel().round(4))
    return reference, runtime


rows = numpy.array([[-1, 3], [2, -4]], numpy.float32)
norm = helper.make_node("LpNormalization", ["x"], ["y"], axis=1, p=1)
reference, runtime = both(norm, rows)
same = numpy.allclose(reference, rows / rows.sum(1, keepdims=True))
same &= numpy.allclose(runtime, rows / abs(rows).sum(1, keepdims=True))

channels = numpy.arange(1, 5, dtype=numpy.float32).reshape(1, 4, 1, 1)
lrn = helper.make_node("LRN", ["x"], ["y"], size=3, alpha=3.0, beta=1.0, bias=1.0)
reference, runtime = both(lrn, channels)
# x / (bias + alpha / size * the sum of squares of a channel and its neighbours)
expected = numpy.array([1 / 6, 2 / 15, 3 / 30, 4 / 26])
same &= numpy.allclose(runtime.ravel(), expected)
same &= numpy.allclose(reference.ravel(), [1 / 6, 2, 3, 4])
if not same:
    print("this has changed")
sys.exit(0 if same else 1)
PYTHON
