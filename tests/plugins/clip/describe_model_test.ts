import { expect } from "expect";
import type { DualEncoder } from "../../../core/model.ts";
import { openClipFit } from "../../../core/images/square_fit.ts";
import { writeDescription } from "../../../plugins/clip/describe_model.ts";
import { miniClip, miniConfig } from "../../helpers/small_clip.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const model = miniClip(0);

/** What is written of the model with some things changed. */
const described = (changes: Partial<DualEncoder> & { config?: typeof miniConfig }) =>
  withFolder(async (folder) => {
    await writeDescription(folder, { ...model, ...changes });
    const read = async (name: string) =>
      JSON.parse(await Deno.readTextFile(`${folder}/${name}.json`));
    return { config: await read("config"), pictures: await read("preprocessor_config") };
  });

Deno.test("writeDescription: a CLIP's towers are told, of other models their class alone", async () => {
  const { config } = await described({ config: miniConfig });
  expect(config.model_type).toBe("clip");
  expect(config.vision_config).toMatchObject({ hidden_size: 32, patch_size: 4, image_size: 8 });
  expect(config.text_config).toMatchObject({ max_position_embeddings: 24, vocab_size: 40 });

  const own = (await described({})).config;
  expect(own).toMatchObject({ architectures: ["CLIPModel"], projection_dim: 16 });
  expect(own.vision_config).toEqual({ model_type: "clip_vision_model", image_size: 8 });
  // A CLIP with something that transformers' has not is one of them.
  const further = { ...miniConfig, image: { ...miniConfig.image, pooling: "mean" as const } };
  expect((await described({ config: further as typeof miniConfig })).config).toEqual(own);
  const biased = (await described({ logitBias: "logit_bias" })).config;
  expect(biased).toMatchObject({ architectures: ["SiglipModel"], model_type: "siglip" });
});

Deno.test("writeDescription: pictures as the model wants them, or a refusal", async () => {
  const ofResize = (resize: "squash" | "longest") =>
    described({ preprocessing: { ...model.preprocessing, fit: { ...openClipFit, resize } } });
  const { size, mean, deviation } = model.preprocessing;
  const { pictures } = await ofResize("squash");
  expect(pictures.size).toEqual({ height: size, width: size });
  expect([pictures.image_mean, pictures.image_std]).toEqual([[...mean], [...deviation]]);
  await expect(ofResize("longest")).rejects.toThrow(RangeError);
});
