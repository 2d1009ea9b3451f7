import { expect } from "expect";
import { openClipFit, transformersFit } from "../../../core/images/square_fit.ts";
import { architecture } from "../../../plugins/clip/config.ts";
import { clipNormalization } from "../../../plugins/clip/normalization.ts";
import { openClipNames } from "../../../plugins/clip/names.ts";
import {
  huggingFaceConfig,
  huggingFacePreprocessor,
  openClipConfig,
} from "../../../plugins/clip/format_config.ts";
import { parseHuggingFaceConfig, parseOpenClipConfig } from "../../../plugins/clip/parse_config.ts";
import { parsePreprocessor } from "../../../plugins/clip/parse_preprocessing.ts";

const openClip = (vision: object, text: object = {}, rest: object = {}, preprocess: object = {}) =>
  parseOpenClipConfig(
    "c.json",
    JSON.stringify({
      model_cfg: {
        embed_dim: 8,
        vision_cfg: { width: 768, patch_size: 32, ...vision },
        text_cfg: text,
        ...rest,
      },
      preprocess_cfg: preprocess,
    }),
  );

Deno.test("parseOpenClipConfig: what changes the towers is refused with its name", () => {
  const attention = [
    ...["qk_norm", "scaled_cosine_attn", "scale_heads", "scale_attn_inner", "scale_attn"],
    "scale_fc",
  ].map((name) => [name, true] as const);
  for (const [name, value] of [...attention, ["block_type", "custom"]] as const) {
    const fault = `: expected ${name === "block_type" ? 'null or "default"' : false}, found ` +
      JSON.stringify(value);
    expect(() => openClip({ [name]: value })).toThrow(`model_cfg.vision_cfg.${name}${fault}`);
    expect(() => openClip({}, { [name]: value })).toThrow(`model_cfg.text_cfg.${name}${fault}`);
    // Said as it is without, it changes nothing.
    openClip({ [name]: name === "block_type" ? "default" : false });
  }
  for (
    const [place, parse] of [
      ["vision_cfg.global_average_pool", () => openClip({ global_average_pool: true })],
      ["vision_cfg.input_patchnorm", () => openClip({ input_patchnorm: true })],
      ["text_cfg.pool_type", () => openClip({}, { hf_tokenizer_name: "bert" })],
      ["text_cfg.pool_type", () => openClip({}, { pool_type: "eos" })],
      ["text_cfg.final_ln_after_pool", () => openClip({}, { final_ln_after_pool: true })],
      ["text_cfg.proj_type", () => openClip({}, { proj_type: "none" })],
      ["vision_cfg.attentional_pool", () => openClip({ attentional_pool: "parallel" })],
      ["vision_cfg.pos_embed_type", () => openClip({ pos_embed_type: "sin_cos_2d" })],
      ["text_cfg.tokenizer_kwargs.clean", () => openClip({}, { tokenizer_kwargs: { clean: "" } })],
      [
        "text_cfg.tokenizer_kwargs",
        () => openClip({}, { tokenizer_kwargs: { clean: "canonicalize" } }),
      ],
      ["text_cfg.norm_kwargs.new_thing", () => openClip({}, { norm_kwargs: { new_thing: 1 } })],
      ["vision_cfg.head_width", () => openClip({ head_width: 80 })],
      ["vision_cfg.new_thing", () => openClip({ new_thing: 1 })],
      ["text_cfg.new_thing", () => openClip({}, { new_thing: 1 })],
      ["new_thing", () => openClip({}, {}, { new_thing: 1 })],
    ] as const
  ) {
    expect(parse).toThrow(`c.json: not the configuration of a CLIP: model_cfg.${place}: `);
  }
  expect(() => openClip({ image_size: 225 })).toThrow("225 pixels in patches of 32");
});

Deno.test("parseOpenClipConfig: heads follow from their width, and training's settings are of no matter", () => {
  // ViT-H-14 of open_clip's configurations: 1280 / 80.
  const { config } = openClip(
    { width: 1280, head_width: 80, layers: 32, patch_size: 14, patch_dropout: 0.5 },
    { width: 1024, heads: 16, layers: 24, pad_id: 0, output_tokens: true },
    { custom_text: true, nonscalar_logit_scale: true },
  );
  expect([config.image.heads, config.text.heads]).toEqual([16, 16]);
  expect(openClip({ image_size: [224, 224] }).config.image.size).toBe(224);
  expect(() => openClip({ image_size: [224, 448] })).toThrow("expected a square, found 224 x 448");
});

Deno.test("parseOpenClipConfig: preprocess_cfg is obeyed, or refused by name", () => {
  const of = (given: object) => openClip({}, {}, {}, given).preprocessing;
  const plain = { ...clipNormalization, size: 224 };
  expect(of({})).toEqual({ ...plain, fit: openClipFit });
  expect(of({ resize_mode: "squash", interpolation: "bilinear", mean: 0.5, std: [1, 2, 3] }))
    .toEqual({
      mean: [0.5, 0.5, 0.5],
      deviation: [1, 2, 3],
      size: 224,
      fit: { ...openClipFit, resize: "squash", interpolation: "bilinear" },
    });
  expect(of({ resize_mode: "longest", fill_color: 7 }))
    .toEqual({ ...plain, fit: { ...openClipFit, resize: "longest", fill: 7 } });
  // In evaluation open_clip takes "random" for bicubic.
  expect(of({ interpolation: "random", size: [224, 224], mode: "RGB" }))
    .toEqual({ ...plain, fit: openClipFit });
  for (
    const given of [
      ...[{ size: 256 }, { mode: "L" }, { interpolation: "nearest" }, { resize_mode: "crop" }],
      ...[{ fill_color: 256 }, { crop_pct: 0.9 }],
    ]
  ) {
    expect(() => of(given)).toThrow(`preprocess_cfg.${Object.keys(given)[0]}: `);
  }
});

const huggingFace = (vision: object, text: object = {}, rest: object = {}) =>
  parseHuggingFaceConfig(
    "c.json",
    JSON.stringify({ vision_config: vision, text_config: text, ...rest }),
  );

Deno.test("parseHuggingFaceConfig: what it does not know, and what is no CLIP, is refused", () => {
  for (
    const [place, parse] of [
      ["model_type", () => huggingFace({}, {}, { model_type: "metaclip_2" })],
      ["quantization_config", () => huggingFace({}, {}, { quantization_config: {} })],
      ["auto_map", () => huggingFace({}, {}, { auto_map: {} })],
      ["vision_config.model_type", () => huggingFace({ model_type: "siglip_vision_model" })],
      ["vision_config.num_channels", () => huggingFace({ num_channels: 4 })],
      ["vision_config.qk_norm", () => huggingFace({ qk_norm: true })],
      ["text_config.pruned_heads", () => huggingFace({}, { pruned_heads: { 1: [0] } })],
      ["text_config.eos_token_id", () => huggingFace({}, { eos_token_id: 5 })],
    ] as const
  ) {
    expect(parse).toThrow(`c.json: not the configuration of a CLIP: ${place}: `);
  }
  expect(() => huggingFace({ num_attention_heads: 7 })).toThrow("width of 768 evenly, found 7");
  // Before transformers 4.31 the end token was 2, which stands for the highest id.
  huggingFace({ dropout: 0.1 }, { eos_token_id: 2, bos_token_id: 0, top_k: 50, id2label: {} });
});

Deno.test("parseHuggingFaceConfig: an older text_config_dict counts, and may not contradict text_config", () => {
  const parse = (text: object, other: object) => huggingFace({}, text, { text_config_dict: other });
  expect(
    parse({ hidden_size: 768, num_attention_heads: 12 }, {
      hidden_size: 768,
      num_attention_heads: 12,
    }).config.text.width,
  ).toBe(768);
  // transformers takes 12 layers for what text_config_dict leaves out, and so hides the 6.
  expect(() => parse({ num_hidden_layers: 6 }, {})).toThrow(
    "c.json: text_config and text_config_dict contradict each other: num_hidden_layers is 6 and 12",
  );
  expect(() => parse({}, { hidden_act: "gelu" })).toThrow("hidden_act is quick_gelu and gelu");
  const alone = { vision_config: {}, text_config: null, text_config_dict: { hidden_size: 256 } };
  expect(parseHuggingFaceConfig("c.json", JSON.stringify(alone)).config.text.width).toBe(256);
});

const clipProcessor = { size: { shortest_edge: 224 }, crop_size: { height: 224, width: 224 } };

Deno.test("parsePreprocessor: transformers' settings are obeyed", () => {
  const of = (given: object) =>
    parsePreprocessor("preprocessor_config.json", JSON.stringify(given), 224);
  const plain = { ...clipNormalization, size: 224, fit: transformersFit };
  // As version 5 writes it, as version 4 did, and as the first ones did.
  expect(of({ ...clipProcessor, do_rescale: true, rescale_factor: 0.00392156862745098 }))
    .toEqual(plain);
  expect(of({ ...clipProcessor, image_processor_type: "CLIPImageProcessorFast", device: null }))
    .toEqual(plain);
  expect(of({ size: 224, crop_size: 224, feature_extractor_type: "CLIPFeatureExtractor" }))
    .toEqual(plain);
  expect(of({ ...clipProcessor, resample: 2, image_mean: [0, 1, 2], image_std: [3, 4, 5] }))
    .toEqual({
      mean: [0, 1, 2],
      deviation: [3, 4, 5],
      size: 224,
      fit: { ...transformersFit, interpolation: "bilinear" },
    });
  expect(of({ ...clipProcessor, size: { shortest_edge: 256 } }))
    .toEqual({ ...plain, fit: { ...transformersFit, side: 256 } });
  const exact = { ...plain, fit: { ...transformersFit, resize: "squash" } };
  expect(of({ size: { height: 224, width: 224 }, crop_size: 224 })).toEqual(exact);
  expect(of({ size: { height: 224, width: 224 }, crop_size: null, do_center_crop: false }))
    .toEqual(exact);
  expect(of({ ...clipProcessor, do_normalize: false }))
    .toEqual({ ...plain, mean: [0, 0, 0], deviation: [1, 1, 1] });
  expect(of({ ...clipProcessor, do_rescale: false })).toEqual({ ...plain, scale: 1 });
  expect(of({ ...clipProcessor, rescale_factor: 1 / 127.5 })).toEqual({
    ...plain,
    scale: 1 / 127.5,
  });
});

Deno.test("parsePreprocessor: what is not done here is refused by name", () => {
  for (
    const [message, given] of [
      ["do_resize: expected true, found false", { do_resize: false }],
      ["do_convert_rgb", { do_convert_rgb: false }],
      ["resample: expected 1 (LANCZOS), 2 (BILINEAR) or 3 (BICUBIC), found 0 (NEAREST)", {
        resample: 0,
      }],
      ["found 4 (BOX)", { resample: 4 }],
      ["do_center_crop: expected true, or a size of { height, width }", { do_center_crop: false }],
      ["crop_size: expected 224 x 224, the image tower's input, found 336 x 336", {
        crop_size: 336,
      }],
      ["size: expected at least the crop_size of 224, found 192", { size: { shortest_edge: 192 } }],
      ["size: expected a square, found 224 x 448", { size: { height: 224, width: 448 } }],
      ["size.longest_edge: ", { size: { shortest_edge: 224, longest_edge: 333 } }],
      ["image_processor_type: ", { image_processor_type: "SiglipImageProcessor" }],
      ["do_pad: ", { do_pad: true }],
      ["new_thing: ", { new_thing: 1 }],
      ["image_mean", { image_mean: [1, 2] }],
    ] as const
  ) {
    expect(() => parsePreprocessor("p.json", JSON.stringify({ ...clipProcessor, ...given }), 224))
      .toThrow(message);
  }
});

Deno.test("parsePreprocessor: processor_config.json keeps it nested, if it has one", () => {
  const of = (given: object) =>
    parsePreprocessor("a/processor_config.json", JSON.stringify(given), 224);
  const image_processor = { ...clipProcessor, resample: 2 };
  expect(of({ image_processor, processor_class: "CLIPProcessor" })?.fit?.interpolation)
    .toBe("bilinear");
  expect(of({ processor_class: "CLIPProcessor" })).toBe(undefined);
  expect(() => of({ image_processor, processor_class: "SiglipProcessor" })).toThrow(
    "processor_class: ",
  );
});

Deno.test("openClipConfig, huggingFacePreprocessor: preprocessing is written as it is read", () => {
  const config = architecture("ViT-B-32");
  const plain = { ...clipNormalization, size: 224 };
  for (
    const fit of [
      ...(["shortest", "squash"] as const).map((resize) => ({ ...openClipFit, resize })),
      { ...openClipFit, resize: "longest", interpolation: "bilinear", fill: 9 } as const,
    ]
  ) {
    const preprocessing = { ...plain, fit };
    const written = openClipConfig(config, preprocessing, openClipNames);
    expect(parseOpenClipConfig("c.json", JSON.stringify(written))).toEqual({
      config,
      preprocessing,
    });
  }
  for (
    const preprocessing of [
      { ...plain, fit: transformersFit },
      { ...plain, fit: { ...transformersFit, resize: "squash", side: 256 } as const },
      { ...plain, fit: { ...transformersFit, interpolation: "lanczos" } as const, scale: 1 },
    ]
  ) {
    const written = JSON.stringify(huggingFacePreprocessor(preprocessing));
    expect(parsePreprocessor("preprocessor_config.json", written, 224)).toEqual(preprocessing);
  }
  const read = parseHuggingFaceConfig(
    "c.json",
    JSON.stringify(huggingFaceConfig(config, "float32")),
  );
  expect(read).toEqual({ config });
  // What the other program cannot say is not lost without a word.
  expect(() => huggingFacePreprocessor({ ...plain, fit: openClipFit })).toThrow("oddPixel even");
  expect(() => openClipConfig(config, { ...plain, fit: transformersFit }, openClipNames))
    .toThrow("oddPixel down");
  expect(() => openClipConfig(config, { ...plain, scale: 1 }, openClipNames)).toThrow("scale 1");
});
