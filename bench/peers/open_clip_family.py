"""A model of open_clip's at its published size, with random weights, and what open_clip makes of it:
embeddings, and the gradient of its contrastive loss at every tensor. For `whole_family.ts` beside it.

    pip install torch open_clip_torch
    python bench/peers/open_clip_family.py ViT-H-14 /tmp/ViT-H-14 [--like squash]

Photos and captions are those of tests/data/photos. Weights are written one by one, and so are
gradients, as they come: the model stands in memory once.
"""
import argparse
import csv
import json
import os
import shutil

import numpy
import open_clip
import torch
import torch.nn.functional as F
from open_clip.coca_model import CoCa
from open_clip.model import CLIP, CustomTextCLIP
from open_clip.tokenizer import HFTokenizer, SimpleTokenizer
from open_clip.transform import PreprocessCfg, image_transform_v2
from PIL import Image

tests = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests")
photos = os.path.join(tests, "data", "photos")
parser = argparse.ArgumentParser()
parser.add_argument("name")
parser.add_argument("folder")
parser.add_argument("--like", help="preprocessing as published: openai, squash, imagenet, half, plain")
arguments = parser.parse_args()
torch.set_num_threads(2)
torch.manual_seed(1)

# As UCSC-VLAA published it; open_clip 3.3 reads it from its repository and has no name for it.
CLIPS = open_clip.get_model_config("ViT-L-14-CLIPA")
CLIPS["vision_cfg"]["norm_kwargs"] = {"eps": 1e-6}
CLIPS["text_cfg"].update(norm_kwargs={"eps": 1e-6}, act_kwargs={"approximate": "tanh"})
CLIPS["text_cfg"].update(context_length=80, tokenizer_mode="clips")
del CLIPS["text_cfg"]["tokenizer_kwargs"]
name = arguments.name
config = CLIPS if name == "ViT-L-14-CLIPS-224" else open_clip.get_model_config(name)
text_cfg = config["text_cfg"]
vocabulary = {"bert-base-uncased": "bert", "timm/ViT-B-16-SigLIP": "siglip"}.get(
    text_cfg.get("hf_tokenizer_name"), "gemma" if "SigLIP2" in name else None
)
like = arguments.like or {"bert": "imagenet", None: "openai"}.get(vocabulary, "half")
PREPROCESSING = {
    "openai": dict(interpolation="bicubic", resize_mode="shortest"),
    "squash": dict(interpolation="bicubic", resize_mode="squash"),
    "imagenet": dict(
        mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225],
        interpolation="bilinear", resize_mode="squash",
    ),
    "half": dict(mean=[0.5] * 3, std=[0.5] * 3, interpolation="bicubic", resize_mode="squash"),
    "plain": dict(mean=[0.0] * 3, std=[1.0] * 3, interpolation="bilinear", resize_mode="shortest"),
}[like]

os.makedirs(arguments.folder, exist_ok=True)
with open(f"{arguments.folder}/open_clip_config.json", "w") as file:
    json.dump(dict(model_cfg=config, preprocess_cfg=PREPROCESSING), file)
if vocabulary is None:
    tokenizer = SimpleTokenizer(context_length=text_cfg["context_length"])
else:
    for each in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(os.path.join(tests, "golden", "tokenizers", vocabulary, each), arguments.folder)
    tokenizer = HFTokenizer(
        arguments.folder,
        context_length=text_cfg["context_length"],
        tokenizer_mode=text_cfg.get("tokenizer_mode"),
        **text_cfg.get("tokenizer_kwargs", {}),
    )

fields = {key: value for key, value in config.items() if key != "custom_text"}
kind = CoCa if "multimodal_cfg" in fields else CustomTextCLIP if config.get("custom_text") else CLIP
model = kind(**json.loads(json.dumps(fields))).eval()
with torch.no_grad():
    for each in model.parameters():
        if each.ndim == 1:
            each.add_(0.1 * torch.randn(each.shape))
        elif each.ndim > 1 and each.abs().max() < 1e-3:
            each.add_(0.02 * torch.randn(each.shape))


class Tensors:
    """A file of safetensors whose tensors are written in any order."""

    def __init__(self, path, tensors):
        header, self.begins, end = {}, {}, 0
        for key, value in tensors.items():
            size = value.numel() * value.element_size()
            dtype = {torch.float32: "F32", torch.int64: "I64"}[value.dtype]
            header[key] = dict(dtype=dtype, shape=list(value.shape), data_offsets=[end, end + size])
            self.begins[key] = end
            end += size
        head = json.dumps(header).encode()
        head += b" " * (-len(head) % 8)
        self.file = open(path, "wb")
        self.file.write(len(head).to_bytes(8, "little") + head)
        self.start = self.file.tell()
        self.file.truncate(self.start + end)

    def write(self, key, value):
        self.file.seek(self.start + self.begins[key])
        self.file.write(memoryview(numpy.ascontiguousarray(value.detach().numpy())).cast("B"))


weights = Tensors(f"{arguments.folder}/open_clip_model.safetensors", model.state_dict())
for key, value in model.state_dict().items():
    weights.write(key, value)
weights.file.close()

parameters = dict(model.named_parameters())
gradients = Tensors(f"{arguments.folder}/gradients.safetensors", parameters)
for key, value in parameters.items():

    def keep(parameter, key=key):
        gradients.write(key, parameter.grad)
        parameter.grad = None

    value.register_post_accumulate_grad_hook(keep)

with open(os.path.join(photos, "captions.csv")) as file:
    rows = list(csv.reader(file))[1:]
size = model.visual.image_size
size = size if isinstance(size, int) else size[0]
preprocess = image_transform_v2(PreprocessCfg(**{**PREPROCESSING, "size": size}), is_train=False)


def read(name):
    picture = Image.open(os.path.join(photos, name)).convert("RGB")
    if PREPROCESSING["resize_mode"] != "squash":
        return picture
    # Pillow 13 does the vertical pass of some pictures first, and values differ by a level.
    bicubic = PREPROCESSING["interpolation"] == "bicubic"
    filter = Image.Resampling.BICUBIC if bicubic else Image.Resampling.BILINEAR
    return picture.resize((size, picture.height), filter)


pixels = torch.stack([preprocess(read(row[0])) for row in rows])
image = model.encode_image(pixels, normalize=True)
text = model.encode_text(tokenizer([row[1] for row in rows]), normalize=True)
logits = model.logit_scale.exp() * image @ text.T
if getattr(model, "logit_bias", None) is not None:
    signs = 2 * torch.eye(len(rows)) - 1
    loss = -F.logsigmoid(signs * (logits + model.logit_bias)).sum() / len(rows)
else:
    labels = torch.arange(len(rows))
    loss = (F.cross_entropy(logits, labels) + F.cross_entropy(logits.T, labels)) / 2
found = dict(images=image, texts=text, loss=loss)
expected = Tensors(f"{arguments.folder}/expected.safetensors", found)
for key, value in found.items():
    expected.write(key, value)
expected.file.close()
loss.backward()
gradients.file.close()
with open("/proc/self/status") as file:
    peak = next(line.split()[1] for line in file if line.startswith("VmHWM"))
print(
    f"{name}: open_clip {open_clip.__version__}, PyTorch {torch.__version__}, "
    f"{sum(each.numel() for each in parameters.values()) / 1e6:.0f} million parameters, "
    f"loss {loss.item():.6f}, pictures alike {(image @ image.T).min().item():.4f}, "
    f"texts alike {(text @ text.T).min().item():.4f}, peak {int(peak) / 1e6:.2f} GB"
)
