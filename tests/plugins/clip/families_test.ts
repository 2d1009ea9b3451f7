import { expect } from "expect";
import { add, mul } from "../../../core/graph/elementwise.ts";
import { gradient } from "../../../core/graph/gradient.ts";
import { sum } from "../../../core/graph/linear.ts";
import { constant, input } from "../../../core/graph/node.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import type { Device, DeviceTensor } from "../../../core/device/device.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import type { ImageTower, TextTower } from "../../../core/model.ts";
import { STATISTICS } from "../../../core/nn/batch_norm.ts";
import type { NamedShapes } from "../../../core/nn/parameter_shapes.ts";
import { parseBert } from "../../../plugins/clip/bert/parse_bert.ts";
import { openClipParts } from "../../../plugins/clip/open_clip_parts.ts";
import { parseOpenClip } from "../../../plugins/clip/parse_open_clip.ts";
import { resNetShapes } from "../../../plugins/clip/resnet/resnet_shapes.ts";
import { resNetTower } from "../../../plugins/clip/resnet/resnet_tower.ts";
import { parseSiglip, siglipParts } from "../../../plugins/clip/siglip/siglip_parts.ts";
import { type TimmConfig, timmConfig } from "../../../plugins/clip/vit/timm_config.ts";
import { timmNames } from "../../../plugins/clip/vit/timm_names.ts";
import { vitShapes } from "../../../plugins/clip/vit/vit_shapes.ts";
import { vitTower } from "../../../plugins/clip/vit/vit_tower.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { findWebGpu } from "../../helpers/devices.ts";

/** Towers of a golden file, one or both. */
interface Towers {
  readonly image?: { readonly tower: ImageTower; readonly shapes: NamedShapes };
  readonly text?: { readonly tower: TextTower; readonly shapes: NamedShapes };
  /** Where each text ends. Default: in the last place. */
  readonly ends?: readonly number[];
}

const vision = {
  ...{ image_size: 16, patch_size: 8, width: 16, head_width: 8, layers: 2, mlp_ratio: 2 },
};
const text = { context_length: 10, vocab_size: 40, width: 16, heads: 2, layers: 2, mlp_ratio: 2 };
const mean = { no_ln_pre: true, pool_type: "avg", final_ln_after_pool: true };
const last = { pool_type: "last", no_causal_mask: true, hf_tokenizer_name: "owner/tokenizer" };
const fine = { norm_kwargs: { eps: 1e-6 } };
const tanh = { act_kwargs: { approximate: "tanh" } };

/** Both towers of an `open_clip_config.json`. */
function openClip(
  dim: number,
  vision_cfg: object,
  text_cfg: object,
  custom_text = false,
): Required<Pick<Towers, "image" | "text">> {
  const model_cfg = { embed_dim: dim, vision_cfg, text_cfg, custom_text };
  const model = parseOpenClip("open_clip_config.json", JSON.stringify({ model_cfg }));
  return openClipParts(model, custom_text);
}

/** The image tower that timm knows by a name, made small. */
function timm(name: string, changes: Partial<TimmConfig>, dim = 8): Towers {
  const small = { width: 16, layers: 2, heads: 2, hidden: 32 };
  const known = timmConfig(name)!;
  const pool = typeof known.pool === "object" ? { heads: 2, hidden: 32 } : known.pool;
  const config = { ...known, ...small, pool, ...changes };
  const names = timmNames(config);
  return {
    image: { tower: vitTower(config, names, dim), shapes: vitShapes(config, names, dim) },
  };
}

/** A text tower of Hugging Face's, made small. */
function huggingFace(
  model_type: string,
  { dim, places, ...fields }: { readonly dim: number; readonly places: number },
  text_cfg: object,
): Towers {
  const bert = parseBert(
    "config.json",
    JSON.stringify({
      ...{ ...huggingFaceTower, model_type, vocab_size: 40, max_position_embeddings: places },
      ...fields,
    }),
  );
  const owner = { hf_model_name: "owner/model", hf_tokenizer_name: "owner/model" };
  const text = { ...owner, context_length: 10, ...text_cfg };
  const model_cfg = { embed_dim: dim, vision_cfg: vision, text_cfg: text };
  const model = parseOpenClip("open_clip_config.json", JSON.stringify({ model_cfg }), bert);
  return { text: openClipParts(model, true).text };
}

const highest = [3, 5, 7];
const coca = { ...text, context_length: 9, embed_cls: true, output_tokens: true };
const pooler = { attentional_pool: true, attn_pooler_heads: 2, attn_pooler_queries: 3 };
const huggingFaceTower = {
  ...{ hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 32 },
};

/** Each golden file with what it is of; tests/golden/README.md says what made them. */
const cases: Readonly<Record<string, () => Towers>> = {
  clipa: () => openClip(8, { ...vision, ...mean }, { ...text, ...last }),
  clips: () => openClip(8, { ...vision, ...mean, ...fine }, { ...text, ...last, ...fine, ...tanh }),
  layer_scale: () => ({
    ...openClip(8, { ...vision, ls_init_value: 1e-4 }, { ...text, ls_init_value: 1e-4 }),
    ends: highest,
  }),
  vit_base_patch16_siglip_224: () => timm("vit_base_patch16_siglip_224", { size: 35 }, 16),
  vit_base_patch32_siglip_256: () =>
    timm("vit_base_patch32_siglip_256", { size: 32, patch: 16 }, 16),
  vit_large_patch14_clip_224: () => timm("vit_large_patch14_clip_224", { size: 28 }),
  vit_medium_patch16_gap_256: () => timm("vit_medium_patch16_gap_256", { size: 32 }),
  vit_base_mci_224: () => timm("vit_base_mci_224", { size: 32 }),
  eva_giant_patch14_224: () => timm("eva_giant_patch14_224", { size: 28 }),
  eva02_large_patch14_clip_224: () =>
    timm("eva02_large_patch14_clip_224", { size: 28, hidden: 42 }),
  eva02_enormous_patch14_clip_224: () => timm("eva02_enormous_patch14_clip_224", { size: 28 }),
  vit_pe_core_base_patch16_224: () =>
    timm("vit_pe_core_base_patch16_224", { size: 32, rotary: { ...PE, reference: 14 } }),
  vit_pe_core_gigantic_patch14_448: () =>
    timm("vit_pe_core_gigantic_patch14_448", {
      size: 28,
      rotary: { ...PE, offset: 0, reference: 32 },
    }),
  siglip_text: () => ({
    text: openClip(
      16,
      vision,
      { ...text, ...last, ...fine, ...tanh, proj_bias: true },
      true,
    ).text,
  }),
  unmasked_text: () => ({
    text: openClip(8, vision, { ...text, no_causal_mask: true }, true).text,
  }),
  siglip: () =>
    siglipParts(
      parseSiglip(
        "config.json",
        JSON.stringify({
          vision_config: { ...huggingFaceTower, image_size: 32 },
          text_config: {
            ...huggingFaceTower,
            max_position_embeddings: 10,
            vocab_size: 40,
            projection_size: 16,
          },
        }),
      ),
      undefined,
      undefined,
    ),
  coca: () => ({ ...openClip(8, { ...vision, ...pooler }, coca, true), ends: [...highest, 8] }),
  coca_wide: () => ({
    ...openClip(16, { ...vision, ...pooler }, coca, true),
    ends: [...highest, 8],
  }),
  bert_text: () =>
    huggingFace("bert", { dim: 8, places: 10 }, {
      hf_pooler_type: "cls_pooler",
      hf_proj_type: "linear",
    }),
  roberta_text: () => huggingFace("roberta", { dim: 8, places: 12, ...roberta }, {}),
  xlm_roberta_text: () =>
    huggingFace("xlm-roberta", { dim: 16, places: 12, ...roberta }, {
      hf_pooler_type: "cls_last_hidden_state_pooler",
      hf_proj_type: null,
    }),
  resnet: () => {
    const config = {
      family: "ResNet",
      size: 64,
      layers: [2, 1, 1, 1],
      width: 2,
      heads: 4,
    } as const;
    return { image: { tower: resNetTower(config), shapes: resNetShapes(config, 8) } };
  },
};
const roberta = { type_vocab_size: 1, layer_norm_eps: 1e-5 };
const PE = { offset: 1, first: "columns" } as const;

const golden = new URL("../../golden/families/", import.meta.url).pathname;

/** A bias of keys moves all scores of a query alike and has no influence: its gradient is 0. */
const isKeyBias = (name: string) => /(k_proj|self\.key)\.bias$/.test(name);

/** Holds features and gradients of one golden file. */
async function compare(device: Device, name: string, tolerance: number): Promise<void> {
  const file = await openSafetensors(`${golden}${name}.safetensors`);
  const { image, text, ends } = cases[name]!();
  const shapes = [...image?.shapes ?? [], ...text?.shapes ?? []];
  const symbols = new Map(shapes.map(([name, shape]) => [name, input(name, "float32", shape)]));
  const parameter = (name: string): Tensor => symbols.get(name)!;
  const inputs: Tensor[] = [];
  const feeds: Record<string, DeviceTensor> = {};
  const features: Record<string, Tensor> = {};
  if (image !== undefined) {
    const { shape } = file.info("io.pixels");
    const pixels = input("pixels", "float32", shape);
    inputs.push(pixels);
    feeds.pixels = device.upload(await file.readFloat32("io.pixels"), shape, "float32");
    features.image = image.tower.encode(pixels, parameter);
  }
  if (text !== undefined) {
    const { shape } = file.info("io.ids");
    const ids = input("ids", "int64", shape);
    const end = input("end", "int64", [shape[0]!]);
    inputs.push(ids, end);
    feeds.ids = device.upload(await file.read("io.ids") as BigInt64Array, shape, "int64");
    const places = ends ?? new Array<number>(shape[0]!).fill(shape[1]! - 1);
    feeds.end = device.upload(BigInt64Array.from(places, BigInt), [shape[0]!], "int64");
    features.text = text.tower.encode(ids, end, parameter);
  }
  // The golden gradients are of the features' sum, each weighed with a number of its own.
  let total: Tensor | undefined;
  for (const [tower, found] of Object.entries(features)) {
    const weights = constant(await file.readFloat32(`io.weight_${tower}`), found.shape);
    const part = sum(mul(found, weights));
    total = total === undefined ? part : add(total, part);
  }
  const wrt = shapes.map(([name]) => parameter(name));
  const gradients = gradient(total!, wrt);
  const program = await device.compile({
    inputs: [...inputs, ...wrt],
    outputs: {
      ...features,
      ...Object.fromEntries(shapes.map(([name], i) => [`grad.${name}`, gradients[i]!])),
    },
  });
  for (const [name, shape] of shapes) {
    expect([name, file.info(name).shape]).toEqual([name, shape]);
    feeds[name] = device.upload(await file.readFloat32(name), shape, "float32");
  }
  const results = await program.run(feeds);
  const close = async (name: string, expected: string) => {
    const found = await results[name]!.read() as Float32Array;
    const difference = relativeDifference(found, await file.readFloat32(expected));
    expect([name, difference < tolerance ? "close" : difference]).toEqual([name, "close"]);
  };
  for (const tower of Object.keys(features)) await close(tower, `io.${tower}`);
  const trained = shapes.map(([name]) => name).filter((name) => !STATISTICS.test(name));
  for (const name of trained) {
    if (!isKeyBias(name)) {
      await close(`grad.${name}`, `grad.${name}`);
      continue;
    }
    const found = await results[`grad.${name}`]!.read() as Float32Array;
    expect(Math.max(...found.map(Math.abs))).toBeLessThan(1e-4);
  }
  for (const tensor of [...Object.values(results), ...Object.values(feeds)]) tensor.dispose();
  await program.dispose();
}

for (const name of Object.keys(cases)) {
  Deno.test(`towers: features and gradients of ${name} are those of its library on the CPU`, async () => {
    const device = await openDevice("cpu");
    await compare(device, name, 1e-4);
    await device.dispose();
  });
}

Deno.test({
  name: "towers: features and gradients of families are those of their libraries on WebGPU",
  ignore: !await findWebGpu(),
  fn: async () => {
    const device = await openDevice("webgpu");
    // Gates, inner norms, rotary positions; convolutions, batch norms, pooling by attention.
    for (const name of ["eva02_large_patch14_clip_224", "resnet"]) {
      await compare(device, name, 2e-3);
    }
    await device.dispose();
  },
});
