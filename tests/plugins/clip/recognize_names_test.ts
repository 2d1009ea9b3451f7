import { expect } from "expect";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { openCheckpoint } from "../../../core/host/storage/checkpoint.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import { writeSafetensors } from "../../../core/host/storage/safetensors_writer.ts";
import type { Context } from "../../../core/context.ts";
import type { HostTensor } from "../../../core/model.ts";
import { clip } from "../../../plugins/clip/clip.ts";
import type { ClipConfig } from "../../../plugins/clip/config.ts";
import {
  type ClipNames,
  customTextNames,
  huggingFaceNames,
  openClipNames,
} from "../../../plugins/clip/names.ts";
import { clipParameters } from "../../../plugins/clip/parameters.ts";
import { initialValues } from "../../../plugins/clip/initial_values.ts";
import { checkAllAreRead, recognizeNames } from "../../../plugins/clip/recognize_names.ts";
import { withPrefix } from "../../../plugins/clip/names.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const config: ClipConfig = {
  dim: 8,
  activation: "quick_gelu",
  epsilon: 1e-5,
  image: { size: 32, patch: 16, width: 8, layers: 1, heads: 2, hidden: 16 },
  text: { context: 8, vocabulary: 49408, width: 8, layers: 1, heads: 2, hidden: 16 },
};

const namesOf = (names: ClipNames) => clipParameters(config, names).map(({ name }) => name);

Deno.test("recognizeNames: a CLIP under any prefix, beside other tensors", () => {
  for (const names of [openClipNames, customTextNames, huggingFaceNames]) {
    for (const prefix of ["", "clip.", "clip_model.", "model.", "module.clip.backbone."]) {
      const tensors = ["head.weight", ...namesOf(withPrefix(names, prefix)), "n_averaged"];
      const found = recognizeNames("a", tensors);
      expect(found.prefix).toBe(prefix);
      expect(namesOf(found.names)).toEqual(namesOf(withPrefix(names, prefix)));
      checkAllAreRead("a", tensors, found.prefix, new Set(namesOf(found.names)));
    }
  }
});

Deno.test("recognizeNames: of two CLIPs in one file the part says which", () => {
  const tensors = ["", "ema."].flatMap((prefix) => namesOf(withPrefix(openClipNames, prefix)));
  expect(() => recognizeNames("a", tensors)).toThrow(
    'clip.part: a holds 2 CLIPs, whose tensors begin with none, "ema."; say which, such as "ema."',
  );
  for (const part of ["ema", "ema."]) {
    expect(recognizeNames("a", tensors, part).prefix).toBe("ema.");
  }
  expect(() => recognizeNames("a", tensors, "teacher")).toThrow(
    'clip.part: expected none, "ema." in a, found "teacher"',
  );
});

Deno.test("recognizeNames: what people bring in its place is told what it is", () => {
  for (
    const [tensors, what] of [
      [["visual.layer1.0.conv1.weight", "token_embedding.weight"], "such as RN50"],
      [["base_model.model.vision_model.encoder.q_proj.lora_A.weight"], "an adapter (LoRA)"],
      [["lora_te_text_model_encoder_layers_0_mlp_fc1.lora_down.weight"], "an adapter (LoRA)"],
      [["visual.trunk.blocks.0.attn.qkv.weight"], "one of timm's"],
      [["visual.blocks.0.attn.q_proj.weight"], "an EVA-CLIP"],
      [["vision_model.head.attention.in_proj_weight"], "a SigLIP"],
      [["text.transformer.embeddings.word_embeddings.weight"], "Hugging Face's"],
      [["visual.class_embedding", "visual.proj"], "found only the image tower"],
      [["text_model.embeddings.token_embedding.weight"], "found only the text tower"],
      [["head.weight"], 'found 1 others, such as "head.weight"'],
    ] as const
  ) {
    expect(() => recognizeNames("a", tensors)).toThrow(what);
  }
});

Deno.test("recognizeNames: a CLIP with an adapter's tensors between its own is no CLIP", () => {
  const tensors = [...namesOf(openClipNames), "visual.proj.lora_A.weight"];
  expect(() => recognizeNames("a", tensors)).toThrow("an adapter (LoRA)");
});

Deno.test("checkAllAreRead: a tensor of a tower that the architecture has no place for is an error", () => {
  for (const names of [openClipNames, withPrefix(customTextNames, "clip."), huggingFaceNames]) {
    const own = namesOf(names);
    const extra = names.image.block(1).norm1.weight;
    const found = recognizeNames("a", [...own, extra]);
    expect(() => checkAllAreRead("a", [...own, extra], found.prefix, new Set(own))).toThrow(
      `a: expected only tensors that the architecture has, found 1 others in its towers, such as ` +
        `"${extra}"`,
    );
    const buffer = `${names.text.token.replace(/token_embedding.*/, "")}position_ids`;
    checkAllAreRead("a", [...own, buffer, "other.weight"], found.prefix, new Set(own));
  }
});

function contextIn(folder: string, log: string[] = []): Context {
  return {
    assets: createAssets({ cache: `${folder}/.cache`, offline: true }),
    images: createPicturePool({ workers: 0 }),
    log: (line) => log.push(line),
  };
}

const settings = {
  embed_dim: 8,
  quick_gelu: true,
  vision_cfg: {
    ...{ image_size: 32, layers: 1, width: 8, head_width: 4, patch_size: 16, mlp_ratio: 2 },
  },
  text_cfg: {
    ...{ context_length: 8, vocab_size: 49408, width: 8, heads: 2, layers: 1, mlp_ratio: 2 },
  },
};

Deno.test("clip: tensors under a prefix are read and written back, and a logit scale in any shape", () =>
  withFolder(async (folder) => {
    const names = withPrefix(customTextNames, "clip.");
    const values = new Map<string, HostTensor>(
      initialValues(config, clipParameters(config, names), 1),
    );
    values.set(names.logitScale, { shape: [1], data: Float32Array.of(4) });
    const other = { shape: [2], data: Float32Array.of(5, 6) };
    const path = `${folder}/open_clip_model.safetensors`;
    await writeSafetensors(
      path,
      [...values, ["head.weight", other] as const].map(([name, { shape, data }]) => ({
        ...{ name, shape, dtype: "F32" as const },
        data: new Float32Array(data),
      })),
    );
    await Deno.writeTextFile(
      `${folder}/open_clip_config.json`,
      JSON.stringify({ model_cfg: settings, preprocess_cfg: {} }),
    );
    const log: string[] = [];
    const model = await clip({ weights: folder }).load(contextIn(folder, log));
    expect(log).toEqual([`${path}: read from its tensors that begin with "clip."`]);
    const read = await model.read();
    expect(read.get("clip.logit_scale")).toEqual({ shape: [], data: Float32Array.of(4) });
    await model.write(`${folder}/out`, read);
    const written = await openSafetensors(`${folder}/out/open_clip_model.safetensors`);
    expect(written.names).toEqual([...values.keys(), "head.weight"]);
    expect(written.info("clip.logit_scale").shape).toEqual([1]);
    expect(await written.readFloat32("head.weight")).toEqual(other.data);
    // Two values are no scale.
    const two = { name: names.logitScale, dtype: "F32", shape: [2], data: Float32Array.of(4, 4) };
    const rest = [...values].filter(([name]) => name !== names.logitScale);
    await writeSafetensors(path, [
      ...rest.map(([name, { shape, data }]) => ({
        ...{ name, shape, dtype: "F32" as const },
        data: new Float32Array(data),
      })),
      two as typeof two & { dtype: "F32" },
    ]);
    await expect((await clip({ weights: folder }).load(contextIn(folder))).read()).rejects.toThrow(
      'tensor "clip.logit_scale" of shape [], found [2]',
    );
  }));

const torch = new URL("../../golden/torch/", import.meta.url).pathname;

Deno.test("openCheckpoint: averaged weights alone are taken; beside others the part says which", async () => {
  for (const name of ["ema", "model_ema"]) {
    const file = await openCheckpoint(`${torch}${name}.pt`);
    expect(file.names).toEqual(["weight", "bias"]);
    expect(file.part).toBe(undefined);
  }
  const both = `${torch}raw_and_ema.pt`;
  await expect(openCheckpoint(both)).rejects.toThrow(
    `${both}: it holds a model's weights ("state_dict") and their average over training ` +
      '("state_dict_ema"); say which as the part',
  );
  const raw = await openCheckpoint(both, "state_dict");
  const averaged = await openCheckpoint(both, "state_dict_ema");
  expect([raw.part, averaged.part]).toEqual(["state_dict", "state_dict_ema"]);
  expect(await raw.readFloat32("bias")).toEqual(Float32Array.of(3));
  expect(await averaged.readFloat32("bias")).toEqual(Float32Array.of(4));
});

Deno.test("openCheckpoint: what torch.load(weights_only=True) reads beside the model is no hindrance", async () => {
  // AveragedModel's n_averaged, a scheduler's Counter, complex, eight-bit, sparse and quantised
  // tensors, a set.
  for (const name of ["beside.pt", "beside_legacy.pt"]) {
    const file = await openCheckpoint(`${torch}${name}`);
    expect(file.names).toEqual(["weight", "bias"]);
    expect(await file.readFloat32("weight")).toEqual(Float32Array.of(1, 2));
  }
  await expect(openCheckpoint(`${torch}complex.pt`)).rejects.toThrow(
    'complex.pt: tensor "phase" is of a kind that is not read: torch.ComplexFloatStorage',
  );
});
