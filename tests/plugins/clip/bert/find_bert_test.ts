import { expect } from "expect";
import { createAssets } from "../../../../core/host/assets/create_assets.ts";
import { findBert } from "../../../../plugins/clip/bert/find_bert.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("findBert: beside the weights, or in the repository of its name", () =>
  withFolder(async (cache) => {
    const assets = createAssets({ cache, offline: true });
    const weights = `${cache}/weights`;
    const repository = `${cache}/hf/owner/text/main`;
    for (const folder of [weights, repository]) await Deno.mkdir(folder, { recursive: true });
    const find = (hf_model_name: string) => {
      const text = JSON.stringify({ model_cfg: { text_cfg: { hf_model_name } } });
      return findBert({ path: "open_clip_config.json", text }, weights, assets);
    };
    const write = (folder: string, config: object) =>
      Deno.writeTextFile(`${folder}/config.json`, JSON.stringify({ vocab_size: 40, ...config }));
    // A repository that is there, but does not have the file.
    await Deno.writeTextFile(`${repository}/tokenizer.json`, "{}");
    expect(await find("owner/text")).toBeUndefined();
    await write(repository, { model_type: "bert", hidden_size: 24 });
    expect(await find("owner/text")).toMatchObject({ family: "BERT", width: 24 });
    // What describes something else beside the weights is passed by, what describes the text is not.
    await write(weights, { model_type: "clip" });
    expect(await find("owner/text")).toMatchObject({ family: "BERT", width: 24 });
    await write(weights, { model_type: "roberta", hidden_size: 36 });
    expect(await find("owner/text")).toMatchObject({ family: "RoBERTa", width: 36 });
    // Published ones and those of other families need no file.
    expect(await find("roberta-base")).toBeUndefined();
    expect(await find("google/mt5-base")).toBeUndefined();
    await Deno.remove(`${weights}/config.json`);
    await write(repository, { model_type: "distilbert" });
    await expect(find("owner/text")).rejects.toThrow(
      "its text tower is distilbert, Hugging Face's owner/text; BERT, RoBERTa and XLM-RoBERTa are",
    );
  }));
