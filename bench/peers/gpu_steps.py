"""The full-size steps of `deno task bench:gpu` by PyTorch and open_clip, in float32 without TF32.

    pip install torch open_clip_torch
    python bench/peers/gpu_steps.py [--device cuda] [--tf32] [--json torch.json]

ViT-B/32 with QuickGELU, weights and inputs made up; 48 rows with 5 texts each. "clic" has the image
tower frozen, "ce-clip" trains both; texts are as long as those of the other side (24 tokens), or 77
with --full-length. The loss is the contrastive one over all texts: the towers are what costs.
"""
import argparse
import json
import statistics
import time

import open_clip
import torch
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
parser.add_argument("--tf32", action="store_true", help="allow tensor cores to round products")
parser.add_argument("--full-length", action="store_true")
parser.add_argument("--batch", type=int, default=48)
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--json")
arguments = parser.parse_args()
torch.backends.cuda.matmul.allow_tf32 = arguments.tf32
torch.backends.cudnn.allow_tf32 = arguments.tf32
device = torch.device(arguments.device)
TEXTS = 5


def cut(model, tokens):
    """Texts of fewer tokens than the context: causal attention makes it exact."""
    model.positional_embedding.data = model.positional_embedding.data[:tokens]
    model.attn_mask = model.attn_mask[:tokens, :tokens]
    model.context_length = tokens


def measure(name, freeze_images):
    torch.manual_seed(0)
    model = open_clip.create_model("ViT-B-32-quickgelu", device=device)
    tokens = 77 if arguments.full_length else 24
    cut(model, tokens)
    if freeze_images:
        model.visual.requires_grad_(False)
    trained = [each for each in model.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-6, weight_decay=0.1)
    pictures = torch.randn(arguments.batch, 3, 224, 224, device=device)
    texts = torch.randint(1, 49000, (arguments.batch * TEXTS, tokens), device=device)
    texts[:, -1] = 49407
    labels = torch.arange(arguments.batch, device=device)

    def step():
        optimizer.zero_grad(set_to_none=True)
        image = F.normalize(model.encode_image(pictures), dim=-1)
        text = F.normalize(model.encode_text(texts), dim=-1)
        scale = model.logit_scale.exp()
        right = text[: arguments.batch]
        loss = F.cross_entropy(scale * image @ text.T, labels)
        loss = (loss + F.cross_entropy(scale * right @ image.T, labels)) / 2
        loss.backward()
        optimizer.step()
        return loss.item()

    for _ in range(3):
        step()
    seconds = []
    for _ in range(arguments.steps):
        started = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - started)
    per_step = statistics.median(seconds)
    return {
        "recipe": name,
        "batch": arguments.batch,
        "tokens": tokens,
        "steps": arguments.steps,
        "secondsPerStep": per_step,
        "pairsPerSecond": arguments.batch / per_step,
    }


report = {
    "device": torch.cuda.get_device_name() if device.type == "cuda" else device.type,
    "torch": torch.__version__,
    "open_clip": open_clip.__version__,
    "tf32": arguments.tf32,
    "steps": [measure("clic", True), measure("ce-clip", False)],
}
print(f"{report['device']}, PyTorch {report['torch']}, open_clip {report['open_clip']}")
print("| recipe | batch | tokens | s/step | pairs/s |")
print("| --- | ---: | ---: | ---: | ---: |")
for each in report["steps"]:
    print(
        f"| {each['recipe']} | {each['batch']} | {each['tokens']} "
        f"| {each['secondsPerStep']:.3g} | {each['pairsPerSecond']:.3g} |"
    )
if arguments.json:
    with open(arguments.json, "w") as file:
        json.dump(report, file, indent=2)
