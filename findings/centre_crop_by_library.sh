#!/bin/sh
# The same preprocessing (shortest side to 224, bicubic, centre crop of 224) takes another crop in
# open_clip than in transformers wherever an odd number of pixels is over, as with 640 x 427, the
# commonest size of COCO: resized to 335 x 224, 111 columns are over. torchvision, by which open_clip
# crops, begins at round(55.5), which in Python is 56; transformers begins at 111 // 2 = 55. A model
# converted from one to the other gets other pixels, and its scores differ a little without a fault
# anywhere.
#
# Seen with open_clip_torch 3.3.0, transformers 5.24.0, torch 2.15.0, torchvision 0.29.2, Pillow 13.0.0,
# on a picture whose columns tell where they stand:
#   open_clip's crop equals columns 56 to 279 of the picture that Pillow resizes to 335 x 224
#   transformers' crop equals columns 55 to 278 of it
# It fails if that changes. Installs PyTorch (some 3 GB).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet open_clip_torch==3.3.0 transformers==5.24.0 torch==2.15.0 \
  torchvision==0.29.2 pillow==13.0.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import numpy
import open_clip
import torch
import torchvision
import transformers
from open_clip.transform import image_transform
from PIL import Image
from transformers import CLIPImageProcessor

print("open_clip", open_clip.__version__, "transformers", transformers.__version__)
print("torch", torch.__version__, "torchvision", torchvision.__version__)
pixels = numpy.zeros((427, 640, 3), numpy.uint8)
pixels[:, :, 0] = numpy.arange(640) * 7 % 256
picture = Image.fromarray(pixels)
resized = numpy.asarray(picture.resize((335, 224), Image.Resampling.BICUBIC)).astype(float)

transform = image_transform(224, is_train=False, mean=(0, 0, 0), std=(1, 1, 1))
processor = CLIPImageProcessor(
    size={"shortest_edge": 224}, crop_size={"height": 224, "width": 224}, do_normalize=False
)
crops = {
    "open_clip": transform(picture).numpy() * 255,
    "transformers": numpy.asarray(
        processor(picture, return_tensors="np")["pixel_values"][0]
    ) * 255,
}
starts = {}
for name, crop in crops.items():
    errors = [
        float(abs(crop.transpose(1, 2, 0) - resized[:, at:at + 224]).mean()) for at in range(112)
    ]
    starts[name] = int(numpy.argmin(errors))
    print(f"{name}: from column {starts[name]}, mean difference {min(errors):.3f} of 255")
same = starts == {"open_clip": 56, "transformers": 55}
if not same:
    print("this has changed")
sys.exit(0 if same else 1)
PYTHON
