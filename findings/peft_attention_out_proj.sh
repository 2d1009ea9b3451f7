#!/bin/sh
# PEFT on torch.nn.MultiheadAttention, which open_clip's towers and torchvision's ViTs are made of: its
# output projection is never trained with the update that LoRA's paper and PEFT's own documents give,
# W + s·B·A.
# - Where the module is a target (`target_modules=["attn"]`), the update of `out_proj` is added twice:
#   the adapted model equals W + 2·s·B·A, in its forward pass and when merged. Whoever reads the
#   adapter's file and adds it once has another model.
# - Where its projection is a target by name (`target_modules=["out_proj"]`, as in lists made for other
#   models), its adapter is made and counted as trainable, and has no part in the forward pass:
#   attention reads `out_proj.weight` itself. No gradient, no warning.
#
# Seen with PEFT 0.21.2 and PyTorch 2.15.0 on Python 3.11, width 8, two heads, s = 1:
#   largest difference to W + f·B·A of a target "attn":   f = 0: 0.98, f = 1: 0.49, f = 2: 2.4e-7
#   target "out_proj": 2 trainable tensors, the loss needs no gradient
# It fails if either becomes as documented.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet peft==0.21.2 torch==2.15.0
cat > "$folder/run.py" <<'PYTHON'
import platform

import peft
import torch
from torch import nn

print(f"PEFT {peft.__version__}, PyTorch {torch.__version__}, Python {platform.python_version()}")


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.attn = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x):
        return self.attn(x, x, x, need_weights=False)[0]


def adapted(target, **settings):
    torch.manual_seed(3)
    config = peft.LoraConfig(r=2, lora_alpha=2, target_modules=[target], **settings)
    return peft.get_peft_model(Block(), config)


x = torch.randn(2, 3, 8, generator=torch.Generator().manual_seed(1))
model = adapted("attn", init_lora_weights=False)
parameters = dict(model.named_parameters())
within = "base_model.model.attn."
with torch.no_grad():
    # The packed projection's own update is taken away.
    parameters[f"{within}lora_B.default.weight"].zero_()
    down = parameters[f"{within}base_layer.out_proj.lora_A.default.weight"]
    up = parameters[f"{within}base_layer.out_proj.lora_B.default.weight"]
    found = model(x)
    update = up @ down
    merged = model.merge_and_unload()(x)
    differences = []
    for factor in range(3):
        plain = Block()
        plain.attn.out_proj.weight += factor * update
        differences.append((plain(x) - found).abs().max().item())
print("target attn, to W + f·B·A for f = 0, 1, 2:", [f"{each:.1e}" for each in differences])
print("merged, to the adapted one:", f"{(merged - found).abs().max().item():.1e}")

model = adapted("out_proj")
trainable = [name for name, each in model.named_parameters() if each.requires_grad]
needs = model(x).sum().requires_grad
print("target out_proj, trainable:", len(trainable), "needs a gradient:", needs)
is_as_seen = differences[2] < 1e-5 < differences[1] and len(trainable) == 2 and not needs
raise SystemExit(0 if is_as_seen else "PEFT treats the output projection in another way now")
PYTHON
"$folder/venv/bin/python" "$folder/run.py"
