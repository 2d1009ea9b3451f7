import { expect } from "expect";
import { modelReference } from "../../../../plugins/app/models/model_reference.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("modelReference: a run's folder stands for its model, all else for itself", () =>
  withFolder(async (folder) => {
    expect(await modelReference("hf:openai/clip-vit-base-patch32"))
      .toBe("hf:openai/clip-vit-base-patch32");
    await Deno.mkdir(`${folder}/model`);
    expect(await modelReference(folder)).toBe(folder);
    for (const file of ["manifest.json", "metrics.jsonl"]) {
      await Deno.writeTextFile(`${folder}/${file}`, "{}");
    }
    expect(await modelReference(folder)).toBe(`${folder}/model`);
    await Deno.remove(`${folder}/model`);
    await expect(modelReference(folder)).rejects.toThrow(`recipe --resume ${folder}`);
  }));
