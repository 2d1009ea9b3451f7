#!/bin/sh
# Pillow 13 resizes some tall pictures to other values than Pillow 12 and 11, by the same call:
# `Image.resize` of an RGB picture takes their vertical pass first, and each pass rounds to 8 bits.
# Preprocessing that squashes pictures to a square (SigLIP, CLIPA, DFN: open_clip's resize_mode
# "squash") therefore makes other inputs of 424 by 640 pixels at 224, and of 480 by 640 at 336, by the
# version of Pillow; a resize of the shorter side, which keeps the aspect ratio, does not. What
# Pillow 13 gives is to the byte what Pillow 12 gives of the transposed picture, transposed back.
#
# Seen with Pillow 12.0.0 and 13.0.0 (numpy 2.4.6), squares of 8 by 8 pixels of random colours, bicubic:
#   424x640 to 224x224: 27998 of 150528 values differ, by 10 at most; transposed: the same
#   480x640 to 336x336: 35227 of 338688 values differ, by 11 at most; transposed: the same
#   480x640 to 224x224, 640x424 to 224x224, 424x640 to 224x338: 0 values differ
# It fails if any of these numbers changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/resize.py" <<'PYTHON'
import sys

import numpy as np
import PIL
from PIL import Image

CASES = [
    ((424, 640), (224, 224)),
    ((480, 640), (336, 336)),
    ((480, 640), (224, 224)),
    ((640, 424), (224, 224)),
    ((424, 640), (224, 338)),
]
random = np.random.default_rng(0)
squares = random.integers(0, 256, (128, 128, 3), dtype=np.uint8)
values = np.kron(squares, np.ones((8, 8, 1), np.uint8))


def resized(size, target, transposed=False):
    width, height = size
    pixels = values[:height, :width]
    if transposed:
        pixels, target = pixels.swapaxes(0, 1), target[::-1]
    picture = Image.fromarray(np.ascontiguousarray(pixels)).resize(target, Image.BICUBIC)
    result = np.asarray(picture)
    return result.swapaxes(0, 1) if transposed else result


found = {}
for i, case in enumerate(CASES):
    found[f"plain{i}"] = resized(*case)
    found[f"transposed{i}"] = resized(*case, transposed=True)
np.savez(sys.argv[1], **found)
print("Pillow", PIL.__version__)
PYTHON
cat > "$folder/compare.py" <<'PYTHON'
import sys

import numpy as np

before, after = [np.load(path) for path in sys.argv[1:3]]
expected = [(27998, 10), (35227, 11), (0, 0), (0, 0), (0, 0)]
found = []
for i in range(len(expected)):
    old, new = before[f"plain{i}"].astype(int), after[f"plain{i}"]
    differing = int((old != new).sum())
    largest = int(np.abs(old - new).max())
    transposed = bool((before[f"transposed{i}"] == new).all())
    print(f"{differing} of {old.size} values differ, by {largest} at most; transposed: {transposed}")
    found.append((differing, largest, transposed))
assert [each[:2] for each in found] == expected, f"expected {expected}"
assert all(transposed for differing, _, transposed in found if differing), "not the vertical pass first"
PYTHON
for version in 12.0.0 13.0.0; do
  python3 -m venv "$folder/$version"
  "$folder/$version/bin/pip" install --quiet "pillow==$version" numpy==2.4.6
  "$folder/$version/bin/python" "$folder/resize.py" "$folder/$version.npz"
done
"$folder/13.0.0/bin/python" "$folder/compare.py" "$folder/12.0.0.npz" "$folder/13.0.0.npz"
