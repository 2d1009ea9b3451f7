#!/bin/sh
# torch.onnx.export writes fewer parameters than a model in evaluation mode has, and says nothing of it.
# What runs such a graph sees no difference; what trains it, or reads its weights by their names, does.
#   - Parameters of equal values become one initializer: all scales and biases of norms of a model that
#     was not trained, all biases that are zeros. The legacy exporter passes the one on through Identity
#     nodes; the new one (dynamo=True) lets several nodes read it: trained, they change together.
#   - The new exporter drops biases of Conv and Gemm that are zeros.
#   - Both take a batch norm into the convolution before it. The legacy one gives the product a name of
#     its own, the new one that of the convolution's weight, whose values it no longer has.
# The new exporter writes every parameter under its name and with its values by optimize=False.
#
# Seen with torch 2.15.0, onnx 1.23.2, of a net of 13 parameters:
#   legacy                    5 under their names, 5 of them as they are; 6 Identity nodes
#   dynamo                    6 under their names, 5 of them as they are; conv.weight differs by 0.138
#                             norm.weight read by 2 nodes, norm.bias by 2; no bias of Conv and Gemm
#   dynamo, optimize=False   13 under their names, 13 of them as they are
# It fails if one of these counts changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.15.0 onnx==1.23.2 onnxscript==0.7.2 numpy==2.4.6
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import contextlib
import io
import sys
import warnings

import onnx
import torch
from onnx import numpy_helper
from torch import nn

warnings.filterwarnings("ignore")
print("torch", torch.__version__, "onnx", onnx.__version__)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(4)
        self.fc = nn.Linear(4, 4)
        nn.init.zeros_(self.fc.bias)

    def forward(self, x):
        return x + self.fc(self.norm(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 2, bias=False)
        self.bn = nn.BatchNorm2d(4)
        self.mix = nn.Conv2d(4, 4, 1)
        nn.init.zeros_(self.mix.bias)
        self.blocks = nn.Sequential(Block(), Block())

    def forward(self, x):
        return self.blocks(self.mix(self.bn(self.conv(x))).flatten(2).mean(2))


torch.manual_seed(0)
net = Net().eval()
net.bn.running_var.fill_(4.0)
parameters = {name: each.detach().numpy() for name, each in net.named_parameters()}
x = torch.randn(2, 3, 4, 4)
print(len(parameters), "parameters")
seen = {}
for label, options in {
    "legacy": dict(dynamo=False),
    "dynamo": dict(dynamo=True),
    "dynamo, optimize=False": dict(dynamo=True, optimize=False),
}.items():
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        torch.onnx.export(net, (x,), "net.onnx", **options)
    graph = onnx.load("net.onnx").graph
    held = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    named = [name for name in parameters if name in held]
    far = {name: float(abs(held[name] - parameters[name]).max()) for name in named}
    shared = {
        name: readers for name in named
        if (readers := sum(name in node.input for node in graph.node)) > 1
    }
    identities = sum(node.op_type == "Identity" for node in graph.node)
    same = sum(each == 0 for each in far.values())
    print(f"{label}: {len(named)} under their names, {same} of them as they are")
    print("  read by several nodes:", shared, "Identity nodes:", identities)
    print("  differ by:", {name: round(each, 4) for name, each in far.items() if each > 0})
    seen[label] = (len(named), same)
expected = {"legacy": (5, 5), "dynamo": (6, 5), "dynamo, optimize=False": (13, 13)}
if seen != expected:
    print("this has changed")
sys.exit(0 if seen == expected else 1)
PYTHON
