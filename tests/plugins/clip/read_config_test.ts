import { expect } from "expect";
import { z } from "zod";
import type { Context } from "../../../core/context.ts";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { openClipFit, transformersFit } from "../../../core/images/square_fit.ts";
import { fitOf, tokenizerOf } from "../../../plugins/clip/layout_habits.ts";
import { loadClip } from "../../../plugins/clip/load_clip.ts";
import { loadModel } from "../../../plugins/clip/load_model.ts";
import { huggingFaceNames, openClipNames } from "../../../plugins/clip/names.ts";
import {
  openClipTextSchema,
  openClipVisionSchema,
} from "../../../plugins/clip/open_clip_schema.ts";
import { readConfig } from "../../../plugins/clip/read_config.ts";
import { siglipTokenizer } from "../../../plugins/clip/siglip/siglip_tokenizer.ts";
import { repositoryAddress } from "../../../plugins/clip/tokenizer_choice.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const golden = new URL("../../golden/family_folders/", import.meta.url).pathname;

Deno.test("readConfig: tells a family by its configuration, in either layout", () =>
  withFolder(async (cache) => {
    const assets = createAssets({ cache, offline: true });
    const familyOf = async (folder: string, tensors: readonly string[]) => {
      const found = await readConfig(`${golden}${folder}`, tensors, assets);
      return found?.kind === "parts" ? found.parts.family : found?.kind;
    };
    expect(await familyOf("clipa", ["visual.proj"])).toBe("CLIPA");
    expect(await familyOf("clips", ["visual.proj"])).toBe("CLIPS");
    expect(await familyOf("siglip", ["vision_model.head.probe"])).toBe("SigLIP");
    expect(await readConfig(cache, ["visual.proj"], assets)).toBeUndefined();
  }));

Deno.test("loadModel, loadClip: of one file, the configuration beside it decides", () =>
  withFolder(async (cache) => {
    const context: Pick<Context, "assets" | "log"> = {
      assets: createAssets({ cache, offline: true }),
      log: () => {},
    };
    const model = await loadModel({ weights: `${golden}clips` }, context);
    expect(model.name).toBe(`CLIPS (${golden}clips)`);
    expect(model.text.contextLength).toBe(16);
    const { openSafetensors } = await import("../../../core/host/storage/safetensors.ts");
    const weights = `${golden}clips/open_clip_model.safetensors`;
    const alone = {
      weights,
      file: await openSafetensors(weights),
      part: undefined,
      found: undefined,
    };
    await expect(loadClip({ weights, activation: "gelu" }, alone, context))
      .rejects.toThrow("expected a configuration beside it");
  }));

Deno.test("repositoryAddress: names with an owner, and short ones that are known", () => {
  expect(repositoryAddress("timm/ViT-B-16-SigLIP2")).toBe("hf:timm/ViT-B-16-SigLIP2");
  expect(repositoryAddress("bert-base-uncased")).toBe("hf:google-bert/bert-base-uncased");
  expect(repositoryAddress("some-tokenizer")).toBeUndefined();
});

Deno.test("siglipTokenizer: what happens to texts follows from the class; others are refused", () => {
  const of = (config: object) => siglipTokenizer({ path: "t.json", text: JSON.stringify(config) });
  expect(of({ tokenizer_class: "SiglipTokenizer" }))
    .toEqual({ kind: "file", cleaning: "siglip", full: true });
  expect(of({ tokenizer_class: "GemmaTokenizerFast" }))
    .toEqual({ kind: "file", cleaning: "small", full: true });
  expect(() => of({ tokenizer_class: "LlamaTokenizer" })).toThrow("t.json: tokenizer_class: ");
  expect(() => of({ tokenizer_class: "SiglipTokenizer", do_lower_case: false }))
    .toThrow("t.json: do_lower_case: expected true, found false");
});

Deno.test("openClipVisionSchema, openClipTextSchema: have open_clip's defaults", () => {
  expect(openClipVisionSchema.parse({})).toMatchObject({ layers: 12, width: 768, patch_size: 16 });
  expect(openClipTextSchema.parse({})).toMatchObject({ context_length: 77, pool_type: "argmax" });
  expect(openClipTextSchema).toBeInstanceOf(z.ZodObject);
});

Deno.test("fitOf, tokenizerOf: follow the layout", () => {
  expect([fitOf(openClipNames), fitOf(huggingFaceNames)]).toEqual([openClipFit, transformersFit]);
  expect([tokenizerOf(openClipNames), tokenizerOf(huggingFaceNames)])
    .toEqual(["open_clip", "transformers"]);
});
