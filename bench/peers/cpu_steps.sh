#!/bin/sh
# A CLIC step of ViT-B/32 on the processor, here and by open_clip on PyTorch, in turns, on a table of
# captions with pictures:
#
#     sh bench/peers/cpu_steps.sh captions.csv [rounds]
#
# Both have batch 48, 5 texts a row and as many threads as there are processors. open_clip computes all
# 77 tokens, and once more texts cut at the longest of the batch, which its users can do by hand. It
# installs PyTorch in a temporary folder (PYTHON names one that has torch and open_clip instead), and
# needs 12 GB of memory and a machine that does nothing else.
set -eu
captions=${1:?expected a table of captions with pictures}
rounds=${2:-3}
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -z "${PYTHON:-}" ]; then
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" install --quiet torch==2.15.0 open_clip_torch==3.3.0
  PYTHON="$folder/venv/bin/python"
fi
ours() {
  deno run -A "$here/../gpu/main.ts" --device cpu --only clic-vitb32 --captions "$captions" \
    --seconds 1 --json "$folder/ours.json" > /dev/null 2>&1
}
theirs() {
  "$PYTHON" "$here/open_clip_steps.py" --device cpu --only clic --threads "$(nproc)" --warm-up 1 \
    --steps 1 --tokens "$1" --json "$folder/theirs-$1.json" > /dev/null
}
grep -m1 'model name' /proc/cpuinfo
# The first objective of the recipe, which has CLIC's texts.
report='
import json, sys
folder, tokens = sys.argv[1:]
ours = json.load(open(f"{folder}/ours.json"))["steps"][0]
whole, cut = [json.load(open(f"{folder}/theirs-{each}.json")) for each in ("77", tokens)]
a, b, c = [ours["secondsPerStep"]] + [each["steps"][0]["secondsPerStep"] for each in (whole, cut)]
print(f"here {a:.1f} s; open_clip at 77 tokens {b:.1f} s ({b / a:.2f}), at {tokens} {c:.1f} s ({c / a:.2f})")
'
round=0
while [ "$round" -lt "$rounds" ]; do
  ours
  tokens=$("$PYTHON" -c 'import json, sys
print(json.load(open(sys.argv[1]))["steps"][0]["tokens"])' "$folder/ours.json")
  theirs 77
  theirs "$tokens"
  "$PYTHON" -c "$report" "$folder" "$tokens"
  round=$((round + 1))
done
