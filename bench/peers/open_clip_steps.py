"""The full-size steps of `deno task bench:gpu` by PyTorch and open_clip, in float32 without TF32.

    pip install torch open_clip_torch
    python bench/peers/open_clip_steps.py [--device cuda] [--tf32] [--half] [--json torch.json]

ViT-B/32 with QuickGELU, weights and inputs made up; 48 rows with 5 texts each. "clic" has the image
tower frozen, "ce-clip" trains both. Texts have --tokens tokens: by default 24, as the made-up ones of
the other side; open_clip's context is 77. --half is autocast to float16 with a GradScaler. The loss is the contrastive one over all texts: the towers are what costs.
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
parser.add_argument("--half", action="store_true", help="autocast to float16")
parser.add_argument("--tokens", type=int, default=24)
parser.add_argument("--only", choices=["clic", "ce-clip"])
parser.add_argument("--threads", type=int)
parser.add_argument("--warm-up", type=int, default=3)
parser.add_argument("--batch", type=int, default=48)
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--json")
arguments = parser.parse_args()
torch.backends.cuda.matmul.allow_tf32 = arguments.tf32
torch.backends.cudnn.allow_tf32 = arguments.tf32
device = torch.device(arguments.device)
if arguments.threads:
    torch.set_num_threads(arguments.threads)
TEXTS = 5


def cut(model, tokens):
    """Texts of fewer tokens than the context: causal attention makes it exact."""
    model.positional_embedding.data = model.positional_embedding.data[:tokens]
    model.attn_mask = model.attn_mask[:tokens, :tokens]
    model.context_length = tokens


def measure(name, freeze_images):
    torch.manual_seed(0)
    model = open_clip.create_model("ViT-B-32-quickgelu", device=device)
    tokens = arguments.tokens
    cut(model, tokens)
    if freeze_images:
        model.visual.requires_grad_(False)
    trained = [each for each in model.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-6, weight_decay=0.1)
    pictures = torch.randn(arguments.batch, 3, 224, 224, device=device)
    texts = torch.randint(1, 49000, (arguments.batch * TEXTS, tokens), device=device)
    texts[:, -1] = 49407
    labels = torch.arange(arguments.batch, device=device)
    scaler = torch.amp.GradScaler(device.type, enabled=arguments.half)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device.type, torch.float16, enabled=arguments.half):
            image = F.normalize(model.encode_image(pictures), dim=-1).float()
            text = F.normalize(model.encode_text(texts), dim=-1).float()
        scale = model.logit_scale.exp()
        right = text[: arguments.batch]
        loss = F.cross_entropy(scale * image @ text.T, labels)
        loss = (loss + F.cross_entropy(scale * right @ image.T, labels)) / 2
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        return loss.item()

    for _ in range(arguments.warm_up):
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
    "half": arguments.half,
    "steps": [
        measure(name, freeze)
        for name, freeze in [("clic", True), ("ce-clip", False)]
        if arguments.only in (None, name)
    ],
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
