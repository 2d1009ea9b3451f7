#!/bin/sh
# AVIF: Pillow and sharp decode the colours of one and the same file differently by tens of levels.
#
# An AVIF with halved colour planes (4:2:0, what both encoders write by default for photos) has to be
# brought back to full size, and Pillow's libavif and sharp's libheif do that in different ways: colours
# differ wherever they change. The model sees other pictures, with the same file and the same
# preprocessing. With 4:4:4 both agree to a level, and for a JPEG with halved colour planes entirely.
#
# Seen with Pillow 13.0.0 and sharp 0.35.5:
#   AVIF 4:2:0: largest difference 118 levels, mean 8
#   AVIF 4:4:4: largest difference 1
#   JPEG 4:2:0: largest difference 0
# It fails if AVIF 4:2:0 differs by less than 20 levels, or the others by more than 3.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow==13.0.0 numpy==2.4.6
(cd "$folder" && npm init -y > npm.log && npm install --silent --no-audit sharp@0.35.5 >> npm.log 2>&1)
cat > "$folder/write.py" <<'PYTHON'
import sys
import numpy as np
from PIL import Image

# Coloured squares of 7 pixels, a sentence's worth of edges, as in a drawing or a screenshot.
y, x = np.mgrid[0:112, 0:112] // 7
levels = np.stack([(x * 97 + y * 31) % 256, (x * 13 + y * 151) % 256, (x * 59 + y * 7) % 256], -1)
picture = Image.fromarray(levels.astype(np.uint8))
folder = sys.argv[1]
for name, options in {
    "420.avif": {"subsampling": "4:2:0"},
    "444.avif": {"subsampling": "4:4:4"},
    "420.jpg": {"subsampling": "4:2:0"},
}.items():
    picture.save(f"{folder}/{name}", quality=90, **options)
PYTHON
cat > "$folder/decode.mjs" <<'NODE'
import { writeFileSync } from "node:fs";
import sharp from "sharp";
console.log("sharp", sharp.versions.sharp, "libheif", sharp.versions.heif);
for (const name of ["420.avif", "444.avif", "420.jpg"]) {
  writeFileSync(`${name}.rgb`, await sharp(name).toColourspace("srgb").removeAlpha().raw().toBuffer());
}
NODE
cat > "$folder/compare.py" <<'PYTHON'
import sys
import numpy as np
import PIL
from PIL import Image, features

print("Pillow", PIL.__version__, "libavif", features.version("avif"))
folder = sys.argv[1]
largest = {}
for name in ["420.avif", "444.avif", "420.jpg"]:
    ours = np.asarray(Image.open(f"{folder}/{name}").convert("RGB")).astype(int)
    theirs = np.fromfile(f"{folder}/{name}.rgb", np.uint8).reshape(ours.shape).astype(int)
    difference = np.abs(ours - theirs)
    largest[name] = difference.max()
    print(f"{name}: largest difference {difference.max()}, mean {difference.mean():.2f}")
assert largest["444.avif"] <= 3 and largest["420.jpg"] <= 3, "these differ too"
assert largest["420.avif"] >= 20, "AVIF 4:2:0 differs no longer"
PYTHON
"$folder/venv/bin/python" "$folder/write.py" "$folder"
(cd "$folder" && node decode.mjs)
"$folder/venv/bin/python" "$folder/compare.py" "$folder"
