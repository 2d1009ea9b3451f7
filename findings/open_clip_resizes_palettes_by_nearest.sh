#!/bin/sh
# open_clip's evaluation transform resizes a picture before it converts it to RGB. A picture with a
# palette (GIF, 8-bit PNG) is then resized while it still has its palette, where Pillow takes the nearest
# pixel whatever filter is asked for: the model sees aliased pixels of the palette's colours. transformers
# converts first and resizes bicubically. The same file gives other features in the two, and benchmarks
# and captions from the web hold such files.
#
# Seen with open_clip_torch 3.3.0, transformers 5.24.0, torch 2.15.0, torchvision 0.29.2, Pillow 13.0.0,
# a fine chequered pattern of 448 x 448 with 64 colours, to 224:
#   open_clip, as opened         64 colours; differs by up to 83 of 255 from the others
#   open_clip, converted before  5,074 colours
#   transformers, as opened      5,074 colours, the same pixels as that
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
import PIL
import torch
import torchvision
import transformers
from open_clip.transform import image_transform
from PIL import Image
from transformers import CLIPImageProcessor

print("open_clip", open_clip.__version__, "transformers", transformers.__version__)
print("torch", torch.__version__, "torchvision", torchvision.__version__, "Pillow", PIL.__version__)
y, x = numpy.mgrid[0:448, 0:448]
pixels = numpy.stack([x * 255 // 447, y * 255 // 447, (x + y) * 255 // 894], -1).astype(numpy.uint8)
pixels[(x // 3 + y // 3) % 2 == 0] //= 2
palette = Image.fromarray(pixels).quantize(64)

transform = image_transform(224, is_train=False, mean=(0, 0, 0), std=(1, 1, 1))
processor = CLIPImageProcessor(
    size={"shortest_edge": 224}, crop_size={"height": 224, "width": 224}, do_normalize=False
)
found = {
    "open_clip, as opened": transform(palette).numpy() * 255,
    "open_clip, converted before": transform(palette.convert("RGB")).numpy() * 255,
    "transformers, as opened": numpy.asarray(
        processor(palette, return_tensors="np")["pixel_values"][0]
    ) * 255,
}
colours = {}
for name, picture in found.items():
    colours[name] = len(numpy.unique(numpy.round(picture).reshape(3, -1).T, axis=0))
    print(f"{name}: {colours[name]} colours")
opened, converted, others = found.values()
by_nearest = float(abs(opened - converted).max())
between = float(abs(others - converted).max())
print(f"open_clip as opened differs by up to {by_nearest:.0f}, transformers by up to {between:.0f}")
same = colours["open_clip, as opened"] == 64 and by_nearest > 50 and between < 3
if not same:
    print("this has changed")
sys.exit(0 if same else 1)
PYTHON
