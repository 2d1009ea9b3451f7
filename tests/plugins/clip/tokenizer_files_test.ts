import { Tokenizer } from "@huggingface/tokenizers";
import { expect } from "expect";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { writeClipTokenizer } from "../../../plugins/clip/tokenizer_files.ts";
import { withFolder } from "../../helpers/with_folder.ts";
import references from "../../golden/tokenizer_references.json" with { type: "json" };

Deno.test("writeClipTokenizer: a library that reads the files gives transformers' ids", () =>
  withFolder(async (folder) => {
    const assets = createAssets({ cache: `${folder}/.cache`, offline: true });
    await writeClipTokenizer(folder, 77, assets);
    const read = async (name: string) => JSON.parse(await Deno.readTextFile(`${folder}/${name}`));
    const [rules, config] = [await read("tokenizer.json"), await read("tokenizer_config.json")];
    const tokenizer = new Tokenizer(rules, config);
    let compared = 0;
    for (const { text, transformers } of references.cases) {
      // This library cuts up special tokens that are no such ones, and makes a sigma small, otherwise
      // than that of transformers, whose ids from these files are all equal.
      if (/\|>|Σ/.test(text)) continue;
      compared++;
      expect([text, tokenizer.encode(text).ids]).toEqual([text, transformers]);
    }
    expect(compared).toBeGreaterThan(100);
    expect(config.model_max_length).toBe(77);
  }));
