#!/bin/sh
# transformers.js with truncation cuts a text after its special tokens were added: a text that is too long
# loses its end token. tokenizers, and with it transformers in Python, cuts before, and the end token
# stays. CLIP's and SigLIP's text towers are read at the end or last token, so a long caption gets another
# embedding in the browser than in Python.
#
# Seen with @huggingface/transformers 4.3.1 (Node) and tokenizers 0.23.3 (Python), the same
# tokenizer.json, <s> 0 and </s> 1, six words cut to 5 tokens:
#   Python       0 2 3 4 1
#   JavaScript   0 2 3 4 5
# A text that fits is the same in both. It fails if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet tokenizers==0.23.3
npm init -y > /dev/null
npm install --silent --ignore-scripts @huggingface/transformers@4.3.1 > /dev/null
cat > write.py <<'PYTHON'
import json

import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, processors

words = ["<s>", "</s>", "one", "two", "three", "four", "five", "six"]
tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<s>"))
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
tokenizer.add_special_tokens(["<s>", "</s>"])
tokenizer.post_processor = processors.TemplateProcessing(
    single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
)
tokenizer.save("tokenizer.json")
tokenizer.enable_truncation(5)
print(f"tokenizers {tokenizers.__version__}")
texts = ["one two", "one two three four five six"]
with open("python.json", "w") as file:
    json.dump([[text, tokenizer.encode(text).ids] for text in texts], file)
PYTHON
cat > compare.mjs <<'NODE'
import { readFileSync } from "node:fs";
import { env, PreTrainedTokenizer } from "@huggingface/transformers";

console.log("@huggingface/transformers", env.version, "Node", process.version);
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const tokenizer = new PreTrainedTokenizer(read("tokenizer.json"), { model_max_length: 5 });
const seen = read("python.json").map(([text, python]) => {
  const options = { truncation: true, max_length: 5, return_tensor: false };
  const { input_ids: ids } = tokenizer(text, options);
  console.log(`${text}: Python ${python.join(" ")}, JavaScript ${ids.join(" ")}`);
  return [python.join(" "), ids.join(" ")];
});
const same = JSON.stringify(seen) ===
  JSON.stringify([["0 2 3 1", "0 2 3 1"], ["0 2 3 4 1", "0 2 3 4 5"]]);
if (!same) console.log("this has changed");
process.exit(same ? 0 : 1);
NODE
venv/bin/python write.py
node compare.mjs
