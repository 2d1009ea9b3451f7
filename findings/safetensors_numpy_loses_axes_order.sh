#!/bin/sh
# safetensors for NumPy saves an array whose memory is not in C order (a transposed view, Fortran order)
# by its bytes as they lie and its shape as it looks, without a word: it is read back with its values in
# other places. Weights that a conversion transposes are the usual case.
#
# Seen with safetensors 0.8.0, numpy 2.4.6: [[0, 1, 2], [3, 4, 5]] transposed is read back as
#   [[0, 1], [2, 3], [4, 5]]   instead of [[0, 3], [1, 4], [2, 5]]
# and rightly after numpy.ascontiguousarray. It fails if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet safetensors==0.8.0 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy
import safetensors
from safetensors.numpy import load_file, save_file

print("safetensors", safetensors.__version__, "numpy", numpy.__version__)
transposed = numpy.arange(6, dtype=numpy.float32).reshape(2, 3).T


def again(array):
    save_file({"weight": array}, "weight.safetensors")
    return load_file("weight.safetensors")["weight"].tolist()


seen = again(transposed)
copied = again(numpy.ascontiguousarray(transposed))
print("saved:", transposed.tolist())
print("read back:", seen)
print("read back, made contiguous before:", copied)
same = seen == [[0, 1], [2, 3], [4, 5]] and copied == transposed.tolist()
if not same:
    print("this has changed")
sys.exit(0 if same else 1)
PYTHON
