import { expect } from "expect";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { openClipFit, transformersFit } from "../../../core/images/square_fit.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { float32ToBfloat16, float32ToFloat16 } from "../../../core/host/storage/half_precision.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import type { TensorData } from "../../../core/host/storage/safetensors_dtype.ts";
import {
  type TensorToWrite,
  writeSafetensors,
} from "../../../core/host/storage/safetensors_writer.ts";
import { createForward } from "../../../core/towers/forward.ts";
import { uploadParameters } from "../../../core/towers/device_parameters.ts";
import type { Context } from "../../../core/context.ts";
import { createRandom } from "../../../core/random.ts";
import type { DualEncoder, HostTensor, Preprocessing } from "../../../core/model.ts";
import { clip } from "../../../plugins/clip/clip.ts";
import { clipNormalization } from "../../../plugins/clip/normalization.ts";
import type { ClipConfig } from "../../../plugins/clip/config.ts";
import { type ClipNames, huggingFaceNames, openClipNames } from "../../../plugins/clip/names.ts";
import { clipParameters } from "../../../plugins/clip/parameters.ts";
import { initialValues } from "../../../plugins/clip/initial_values.ts";
import { writeModelFolder } from "../../../plugins/clip/weights.ts";
import { huggingFaceConfig, openClipConfig } from "../../../plugins/clip/format_config.ts";
import { parseHuggingFaceConfig, parseOpenClipConfig } from "../../../plugins/clip/parse_config.ts";
import { relativeDifference } from "../../helpers/compare.ts";

// CLIP's vocabulary, or there would be no tokenizer for it.
const config: ClipConfig = {
  dim: 32,
  activation: "quick_gelu",
  epsilon: 1e-5,
  image: { size: 32, patch: 16, width: 128, layers: 2, heads: 2, hidden: 256 },
  text: { context: 16, vocabulary: 49408, width: 16, layers: 3, heads: 2, hidden: 64 },
};

type Values = ReadonlyMap<string, HostTensor>;

/** Of widths that are published, so that the number of heads is known without a configuration. */
const published: ClipConfig = {
  ...config,
  image: { ...config.image, width: 384, layers: 1, heads: 6 },
  text: { ...config.text, width: 256, layers: 1, heads: 4 },
};

/** Random values under open_clip's names, biases and norms included. */
function openClipValues(config: ClipConfig): Values {
  const values = initialValues(config, clipParameters(config, openClipNames), 4);
  const random = createRandom(9);
  for (const { data } of values.values()) {
    for (let i = 0; i < data.length; i++) data[i]! += 0.1 * random.normal();
  }
  return values;
}

/** The same model under Hugging Face's names: three matrices for one, projections transposed. */
function huggingFaceValues(values: Values): Values {
  const result = new Map<string, HostTensor>();
  const prefixes: readonly (readonly [RegExp, string])[] = [
    [/^visual\.transformer\.resblocks\./, "vision_model.encoder.layers."],
    [/^transformer\.resblocks\./, "text_model.encoder.layers."],
    [/^visual\.class_embedding$/, "vision_model.embeddings.class_embedding"],
    [/^visual\.conv1\./, "vision_model.embeddings.patch_embedding."],
    [/^visual\.positional_embedding$/, "vision_model.embeddings.position_embedding.weight"],
    [/^visual\.ln_pre\./, "vision_model.pre_layrnorm."],
    [/^visual\.ln_post\./, "vision_model.post_layernorm."],
    [/^token_embedding\./, "text_model.embeddings.token_embedding."],
    [/^positional_embedding$/, "text_model.embeddings.position_embedding.weight"],
    [/^ln_final\./, "text_model.final_layer_norm."],
    [/\.ln_(\d)\./, ".layer_norm$1."],
    [/\.attn\.out_proj\./, ".self_attn.out_proj."],
    [/\.mlp\.c_fc\./, ".mlp.fc1."],
    [/\.mlp\.c_proj\./, ".mlp.fc2."],
  ];
  for (const [name, value] of values) {
    const renamed = prefixes.reduce((text, [from, to]) => text.replace(from, to), name);
    const { shape, data } = value;
    const attention = /^(.*)\.attn\.in_proj_(weight|bias)$/.exec(renamed);
    if (attention !== null) {
      const part = data.length / 3;
      ["q_proj", "k_proj", "v_proj"].forEach((each, i) =>
        result.set(`${attention[1]}.self_attn.${each}.${attention[2]}`, {
          shape: [shape[0]! / 3, ...shape.slice(1)],
          data: data.slice(i * part, (i + 1) * part),
        })
      );
    } else if (name === "visual.proj" || name === "text_projection") {
      const [width, dim] = shape as [number, number];
      const target = name === "visual.proj" ? "visual_projection" : "text_projection";
      result.set(`${target}.weight`, {
        shape: [dim, width],
        data: data.map((_, at) => data[(at % width) * dim + Math.floor(at / width)]!),
      });
    } else {
      result.set(renamed, value);
    }
  }
  return result;
}

const values = openClipValues(config);
const schemes: readonly (readonly [ClipNames, Values, string])[] = [
  [openClipNames, values, "open_clip_model.safetensors"],
  [huggingFaceNames, huggingFaceValues(values), "model.safetensors"],
];

interface Place {
  readonly folder: string;
  readonly context: Context;
  readonly log: readonly string[];
}

function withPlace(work: (place: Place) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = await Deno.makeTempDir();
    const log: string[] = [];
    using images = createPicturePool({ workers: 0 });
    const assets = createAssets({ cache: `${folder}/.cache`, offline: true });
    try {
      await work({ folder, log, context: { assets, images, log: (line) => log.push(line) } });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
}

const normalization = { mean: [0.1, 0.2, 0.3], deviation: [0.4, 0.5, 0.6] } as const;

/** What the folders of tests expect of pictures, as each layout can say it. */
const preprocessingOf = ({ scheme }: ClipNames): Preprocessing => ({
  ...normalization,
  size: 32,
  fit: {
    ...(scheme === "huggingface" ? transformersFit : openClipFit),
    resize: "squash",
    interpolation: "bilinear",
  },
});

async function write(folder: string, names: ClipNames, values: Values): Promise<void> {
  const preprocessing = preprocessingOf(names);
  await writeModelFolder(folder, { config, names, preprocessing, values });
}

function tensors(values: Values): TensorToWrite[] {
  return [...values].map(([name, { shape, data }]) => ({
    name,
    dtype: "F32",
    shape,
    data: data as Float32Array<ArrayBuffer>,
  }));
}

/** Embeddings of two pictures of noise, and of texts of different lengths, one after the other. */
async function features(model: DualEncoder): Promise<Float32Array> {
  const device = await openDevice("cpu");
  const parameters = await uploadParameters(device, model);
  const forward = createForward({ device, model, parameters, chunk: 8 });
  const random = createRandom(2);
  const pixels = Float32Array.from({ length: 2 * 3 * 32 * 32 }, () => random.normal());
  const images = await forward.images(pixels, 2);
  const texts = await forward.texts([[48, 5, 6, 49], [48, 7, 8, 9, 10, 11, 12, 13, 14, 15, 49]]);
  for (const tensor of parameters.values()) tensor.dispose();
  await device.dispose();
  return Float32Array.of(...images, ...texts);
}

Deno.test(
  "clip: one model in either layout gives the same embeddings",
  withPlace(async ({ folder, context }) => {
    const found: Float32Array[] = [];
    for (const [names, values] of schemes) {
      const weights = `${folder}/${names.scheme}`;
      await write(weights, names, values);
      const model = await clip({ weights }).load(context);
      expect(model.preprocessing).toEqual(preprocessingOf(names));
      expect(model.parameters).toEqual(clipParameters(config, names));
      found.push(await features(model));
    }
    expect(found[0]!.length).toBe(4 * 32);
    expect(relativeDifference(found[1]!, found[0]!)).toBeLessThan(1e-6);
  }),
);

Deno.test(
  "clip: a checkpoint in several files is one model, and goes back as one file",
  withPlace(async ({ folder, context }) => {
    const [, values] = schemes[1]!;
    const all = tensors(values);
    const shards = [all.slice(0, 30), all.slice(30)];
    const weightMap: Record<string, string> = {};
    for (const [i, shard] of shards.entries()) {
      const name = `model-0000${i + 1}-of-00002.safetensors`;
      await writeSafetensors(`${folder}/${name}`, shard, { format: "pt" });
      for (const tensor of shard) weightMap[tensor.name] = name;
    }
    const index = `${folder}/model.safetensors.index.json`;
    await Deno.writeTextFile(index, JSON.stringify({ weight_map: weightMap }));
    await Deno.writeTextFile(
      `${folder}/config.json`,
      JSON.stringify(huggingFaceConfig(config, "float32")),
    );
    // By folder, and by the index itself.
    for (const weights of [folder, index]) {
      const model = await clip({ weights }).load(context);
      expect(await model.read()).toEqual(values);
    }
    const model = await clip({ weights: folder }).load(context);
    await model.write(`${folder}/out`, await model.read());
    const names = [...Deno.readDirSync(`${folder}/out`)].map(({ name }) => name).toSorted();
    expect(names).toEqual(["config.json", "model.safetensors"]);
    const again = await clip({ weights: `${folder}/out` }).load(context);
    expect(await again.read()).toEqual(values);

    await Deno.remove(`${folder}/model-00002-of-00002.safetensors`);
    await expect(clip({ weights: folder }).load(context)).rejects.toThrow(
      "model-00002-of-00002.safetensors",
    );
    await Deno.writeTextFile(index, "{");
    await expect(clip({ weights: folder }).load(context)).rejects.toThrow(
      `${index}: expected JSON`,
    );
  }),
);

Deno.test(
  "clip: a lone file tells its shapes; the activation has to be asked for",
  withPlace(async ({ folder, context, log }) => {
    const openClip = openClipValues(published);
    for (
      const [names, values] of [
        [openClipNames, openClip],
        [huggingFaceNames, huggingFaceValues(openClip)],
      ] as const
    ) {
      const weights = `${folder}/${names.scheme}.safetensors`;
      await writeSafetensors(weights, tensors(values));
      await expect(clip({ weights }).load(context)).rejects.toThrow(
        `clip.activation: ${weights} has no configuration beside it, and its tensors do not tell ` +
          "the activation; expected quick_gelu (OpenAI's weights and their fine-tunes) or gelu",
      );
      const model = await clip({ weights, activation: "quick_gelu" }).load(context);
      expect(model.parameters).toEqual(clipParameters(published, names));
      expect([model.dim, model.image.size, model.text.contextLength]).toEqual([32, 32, 16]);
      const fit = names.scheme === "huggingface" ? transformersFit : openClipFit;
      expect(model.preprocessing).toEqual({ ...clipNormalization, size: 32, fit });
      const read = await model.read();
      for (const name of [names.image.patch, names.text.position, names.text.projection.name]) {
        expect(read.get(name)).toEqual(values.get(name));
      }
      // The heads of the published widths are in use.
      const written = `${folder}/${names.scheme}`;
      await writeModelFolder(written, {
        ...{ config: published, names, values },
        preprocessing: preprocessingOf(names),
      });
      expect(await features(model)).toEqual(
        await features(await clip({ weights: written }).load(context)),
      );
      expect(log.at(-1)).toContain("no configuration beside it");
      // Not the same function: the activation that was asked for is in use.
      const other = await clip({ weights, activation: "gelu" }).load(context);
      expect(relativeDifference(await features(other), await features(model)))
        .toBeGreaterThan(1e-4);
    }
  }),
);

Deno.test(
  "clip: a lone file of a width that is nobody's needs a configuration, which tells the heads",
  withPlace(async ({ folder, context }) => {
    const weights = `${folder}/own.safetensors`;
    await writeSafetensors(weights, tensors(values));
    await expect(clip({ weights, activation: "gelu" }).load(context)).rejects.toThrow(
      `${weights}: expected a configuration beside it, since only that tells the number of heads at width ` +
        "128 of the image tower (known are 384, 512, 768, 896, 1024, 1280, 1408, 1664, 1792)",
    );
    await Deno.writeTextFile(
      `${folder}/open_clip_config.json`,
      JSON.stringify(openClipConfig(config, preprocessingOf(openClipNames), openClipNames)),
    );
    expect((await clip({ weights }).load(context)).parameters)
      .toEqual(clipParameters(config, openClipNames));
  }),
);

Deno.test(
  "clip: the configuration's activation counts, and another one is refused",
  withPlace(async ({ folder, context }) => {
    for (const [names, values] of schemes) {
      const weights = `${folder}/${names.scheme}`;
      await write(weights, names, values);
      await clip({ weights, activation: "quick_gelu" }).load(context);
      await expect(clip({ weights, activation: "gelu" }).load(context)).rejects.toThrow(
        /^clip\.activation: .*safetensors was made with quick_gelu, by its configuration; found gelu$/,
      );
    }
    // Options that contradict each other are refused before anything is read.
    expect(() => clip({ weights: folder, architecture: "ViT-B-32", activation: "quick_gelu" }))
      .toThrow('clip.activation: expected gelu, which ViT-B-32 has, found "quick_gelu"');
  }),
);

Deno.test(
  "clip: another architecture than the expected one is refused, difference by difference",
  withPlace(async ({ folder, context }) => {
    const weights = `${folder}/model`;
    await write(weights, huggingFaceNames, schemes[1]![1]);
    const attempt = clip({ weights, architecture: "ViT-B-32-quickgelu" }).load(context);
    await expect(attempt).rejects.toThrow(RangeError);
    await expect(attempt).rejects.toThrow(
      `clip.architecture: ${weights}/model.safetensors is no ViT-B-32-quickgelu: ` +
        "expected dim 512, found 32; expected image.size 224, found 32; expected image.patch 32, " +
        "found 16; expected image.width 768, found 128",
    );
  }),
);

Deno.test(
  "clip: a tensor that is missing or of another shape is named with its file",
  withPlace(async ({ folder, context }) => {
    for (const [names, values, file] of schemes) {
      const weights = `${folder}/${names.scheme}`;
      await write(weights, names, values);
      const path = `${weights}/${file}`;
      const name = names.text.block(1).up.weight;
      const others = tensors(values).filter((tensor) => tensor.name !== name);
      await writeSafetensors(path, others);
      const lacking = await clip({ weights }).load(context);
      await expect(lacking.read()).rejects.toThrow(
        `${path}: expected a tensor "${name}", found none`,
      );
      const data = new Float32Array(63 * 16);
      await writeSafetensors(path, [...others, { name, dtype: "F32", shape: [63, 16], data }]);
      const wrong = await clip({ weights }).load(context);
      await expect(wrong.read()).rejects.toThrow(
        `${path}: expected tensor "${name}" of shape [64, 16], found [63, 16]`,
      );
    }
  }),
);

Deno.test(
  "clip: what is no CLIP, and a folder without weights, are named",
  withPlace(async ({ folder, context }) => {
    await expect(clip({ weights: folder }).load(context)).rejects.toThrow(
      `${folder}: expected weights (.safetensors, .pt, .bin), or a folder or repository with one of`,
    );
    const path = `${folder}/model.safetensors`;
    const data = new Float32Array(2);
    await writeSafetensors(path, [{ name: "head.weight", dtype: "F32", shape: [2], data }]);
    await expect(clip({ weights: folder }).load(context)).rejects.toThrow(
      `${path}: expected the tensors of a CLIP ("token_embedding.weight" or ` +
        '"text_model.embeddings.token_embedding.weight"), found 1 others, such as "head.weight"',
    );
    // timm keeps the image tower alone beside open_clip's file: the whole CLIP is taken.
    const [names, values] = schemes[0]!;
    await write(folder, names, values);
    expect((await clip({ weights: folder }).load(context)).dim).toBe(32);
  }),
);

Deno.test(
  "clip: written back, a model has its names, and what is no parameter is as it was",
  withPlace(async ({ folder, context }) => {
    for (const [names, values, file] of schemes) {
      const weights = `${folder}/${names.scheme}`;
      await write(weights, names, values);
      // Trained half floats become floats; a buffer that is no parameter, and other files, stay.
      const position = BigInt64Array.from({ length: 16 }, (_, i) => BigInt(i));
      const half = names.text.finalNorm.bias;
      const source: TensorToWrite[] = [
        { name: "position_ids", dtype: "I64", shape: [1, 16], data: position },
        ...tensors(values).map((tensor): TensorToWrite =>
          tensor.name === half
            ? { ...tensor, dtype: "F16", data: new Uint16Array(16).fill(0x3c00) as TensorData }
            : tensor
        ),
      ];
      await writeSafetensors(`${weights}/${file}`, source, { author: "me" });
      await Deno.writeTextFile(`${weights}/merges.txt`, "a b\n");
      const model = await clip({ weights }).load(context);
      const changed = new Map(
        [...await model.read()].map(([name, { shape, data }]) => [
          name,
          { shape, data: data.map((value) => 2 * value) },
        ]),
      );
      // 0x3c00 is 1.
      expect(changed.get(half!)!.data).toEqual(new Float32Array(16).fill(2));
      await model.write(`${weights}/out`, changed);

      const written = await openSafetensors(`${weights}/out/${file}`);
      expect(written.names).toEqual(source.map(({ name }) => name));
      expect(written.metadata).toEqual({ author: "me", format: "pt" });
      expect(await written.read("position_ids")).toEqual(position);
      for (const [name, { shape, data }] of changed) {
        expect(written.info(name)).toEqual({ dtype: "F32", shape });
        expect(await written.read(name)).toEqual(data);
      }
      const files = (at: string) =>
        [...Deno.readDirSync(at)].filter((each) => each.isFile).map(({ name }) => name).toSorted();
      expect(files(`${weights}/out`)).toEqual(files(weights));
      for (const name of files(weights).filter((name) => name !== file)) {
        expect(await Deno.readFile(`${weights}/out/${name}`))
          .toEqual(await Deno.readFile(`${weights}/${name}`));
      }
      const again = await clip({ weights: `${weights}/out` }).load(context);
      expect(await again.read()).toEqual(changed);
    }
  }),
);

Deno.test(
  "clip: what is written as it was read has its precision and its bytes",
  withPlace(async ({ folder, context }) => {
    const hexOf = async (path: string) => (await Deno.readFile(path)).toHex();
    for (const [names, values, file] of schemes) {
      const weights = `${folder}/${names.scheme}`;
      await write(weights, names, values);
      const types = ["F16", "BF16", "F32"] as const;
      const source = tensors(values).map((tensor, i): TensorToWrite => {
        const dtype = types[i % 3]!;
        const data = tensor.data as Float32Array<ArrayBuffer>;
        if (dtype === "F16") return { ...tensor, dtype, data: float32ToFloat16(data) };
        return dtype === "F32" ? tensor : { ...tensor, dtype, data: float32ToBfloat16(data) };
      });
      await writeSafetensors(`${weights}/${file}`, source, { format: "pt" });
      // With a table of positions that is cut and made whole again, too.
      for (const [place, options] of [["whole", {}], ["cut", { context: 10 }]] as const) {
        const model = await clip({ weights, ...options }).load(context);
        const read = await model.read();
        for (const { name, dtype } of source) {
          const half = dtype === "F32" ? undefined : dtype;
          if (read.has(name)) expect([name, read.get(name)!.dtype]).toEqual([name, half]);
        }
        await model.write(`${weights}/${place}`, read);
        expect(await hexOf(`${weights}/${place}/${file}`)).toBe(await hexOf(`${weights}/${file}`));
      }
    }
  }),
);

Deno.test("parseHuggingFaceConfig: reads what transformers writes, with its defaults", () => {
  const written = JSON.stringify(huggingFaceConfig(config, "float32"));
  expect(parseHuggingFaceConfig("config.json", written)).toEqual({ config });
  // openai/clip-vit-large-patch14 as older transformers saved it: only what differs from the
  // defaults, which are those of ViT-B/32.
  const large = {
    projection_dim: 768,
    text_config: {
      hidden_size: 768,
      intermediate_size: 3072,
      num_attention_heads: 12,
      model_type: "clip_text_model",
    },
    text_config_dict: null,
    vision_config: {
      hidden_size: 1024,
      intermediate_size: 4096,
      num_attention_heads: 16,
      num_hidden_layers: 24,
      patch_size: 14,
    },
  };
  expect(parseHuggingFaceConfig("config.json", JSON.stringify(large)).config).toEqual({
    dim: 768,
    activation: "quick_gelu",
    epsilon: 1e-5,
    image: { size: 224, patch: 14, width: 1024, layers: 24, heads: 16, hidden: 4096 },
    text: { context: 77, vocabulary: 49408, width: 768, layers: 12, heads: 12, hidden: 3072 },
  });
});

Deno.test("parseHuggingFaceConfig: refuses what the towers here do not compute", () => {
  const parse = (vision: object, text: object = {}) =>
    parseHuggingFaceConfig(
      "c.json",
      JSON.stringify({ vision_config: vision, text_config: text }),
    );
  expect(() => parse({ hidden_act: "gelu" })).toThrow(
    "c.json: expected one activation for both towers, found gelu and quick_gelu",
  );
  expect(() => parse({ layer_norm_eps: 1e-6 })).toThrow("c.json: expected one layer_norm_eps");
  expect(() => parse({ hidden_act: "relu" })).toThrow(/^c\.json: .*vision_config\.hidden_act/);
  expect(() => parse({}, { num_hidden_layers: 0 })).toThrow(/text_config\.num_hidden_layers/);
  expect(() => parseHuggingFaceConfig("c.json", '{"model_type":"bert"}')).toThrow(
    'c.json: not the configuration of a CLIP: model_type: expected "clip", found "bert"',
  );
  expect(() => parseHuggingFaceConfig("c.json", "{")).toThrow(/^c\.json: expected JSON/);
});

Deno.test("parseOpenClipConfig: reads what open_clip writes, with its defaults", () => {
  const written = JSON.stringify(
    openClipConfig(config, preprocessingOf(openClipNames), openClipNames),
  );
  expect(parseOpenClipConfig("c.json", written)).toEqual({
    config,
    preprocessing: preprocessingOf(openClipNames),
  });
  // laion/CLIP-ViT-B-32-laion2B-s34B-b79K: exact GELU, since quick_gelu is not there.
  const laion = {
    model_cfg: {
      embed_dim: 512,
      vision_cfg: { image_size: 224, layers: 12, width: 768, patch_size: 32 },
      text_cfg: { context_length: 77, vocab_size: 49408, width: 512, heads: 8, layers: 12 },
    },
    preprocess_cfg: {},
  };
  expect(parseOpenClipConfig("c.json", JSON.stringify(laion))).toEqual({
    preprocessing: { ...clipNormalization, size: 224, fit: openClipFit },
    config: {
      dim: 512,
      activation: "gelu",
      epsilon: 1e-5,
      image: { size: 224, patch: 32, width: 768, layers: 12, heads: 12, hidden: 3072 },
      text: { context: 77, vocabulary: 49408, width: 512, layers: 12, heads: 8, hidden: 2048 },
    },
  });
});

Deno.test("parseOpenClipConfig: refuses towers that are not computed here, by their family", () => {
  const parse = (vision: object, text: object) =>
    parseOpenClipConfig(
      "c.json",
      JSON.stringify({ model_cfg: { embed_dim: 8, vision_cfg: vision, text_cfg: text } }),
    );
  parse({ timm_model_name: null, pool_type: "tok" }, { hf_model_name: null, pool_type: "argmax" });
  for (
    const [family, vision, text] of [
      ["its image tower is ConvNeXt", { timm_model_name: "convnext_base" }, {}],
      ["its image tower is timm's resnet50", { timm_model_name: "resnet50" }, {}],
      ["its text tower is mT5", {}, { hf_model_name: "google/mt5-base" }],
    ] as const
  ) {
    expect(() => parse(vision, text)).toThrow(
      `c.json: not the configuration of a CLIP that is computed here: ${family}`,
    );
  }
  // These are read, as what they are.
  const others = [
    [{ layers: [3, 4, 6, 3] }, {}],
    [{ pool_type: "avg" }, { no_causal_mask: true }],
  ] as const;
  for (const [vision, text] of others) {
    expect(() => parse(vision, text)).toThrow("with open_clip's own towers and CLIP's tokenizer");
  }
});
