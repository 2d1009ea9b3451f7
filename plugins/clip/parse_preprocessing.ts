/**
 * What weights expect of pictures, from the files that come with them.
 *
 * @module
 */
import { z } from "zod";
import type { Interpolation } from "../../core/images/interpolation.ts";
import type { Normalization } from "../../core/images/raster.ts";
import { openClipFit, type SquareFit, transformersFit } from "../../core/images/square_fit.ts";
import type { Preprocessing } from "../../core/model.ts";
import {
  count,
  ignored,
  only,
  onlyEach,
  parseFields,
  parseJson,
  side,
  triple,
} from "./config_schema.ts";
import { IMAGE_PROCESSOR_FIELDS } from "./known_fields.ts";
import { clipNormalization } from "./normalization.ts";

// open_clip takes a single number for all three channels.
const channels = z.union([triple, z.number()], {
  error: ({ input }) => `expected three numbers or one, found ${JSON.stringify(input)}`,
}).transform((value): Normalization["mean"] =>
  typeof value === "number" ? [value, value, value] : value
);

/** The `preprocess_cfg` of an `open_clip_config.json`; what is left out has open_clip's defaults. */
export const openClipPreprocessingSchema = z.strictObject({
  size: side.nullish(),
  mean: channels.nullish(),
  std: channels.nullish(),
  // "random" draws a filter in training; otherwise it is bicubic.
  interpolation: z.enum(["bicubic", "bilinear", "random"]).nullish(),
  resize_mode: z.enum(["shortest", "longest", "squash"]).nullish(),
  fill_color: z.int().min(0).max(255).nullish(),
  ...onlyEach({ mode: ["RGB"] }),
}).default({});

/**
 * What an `open_clip_config.json` expects of pictures.
 *
 * @throws {SyntaxError} if it names another size than the image tower's, which open_clip would take no
 *   notice of.
 */
export function openClipPreprocessing(
  path: string,
  given: z.output<typeof openClipPreprocessingSchema>,
  size: number,
): Preprocessing {
  if ((given.size ?? size) !== size) {
    throw new SyntaxError(
      `${path}: preprocess_cfg.size: expected ${size}, as vision_cfg.image_size, found ${given.size}`,
    );
  }
  const resize = given.resize_mode ?? openClipFit.resize;
  return {
    mean: given.mean ?? clipNormalization.mean,
    deviation: given.std ?? clipNormalization.deviation,
    size,
    fit: {
      ...openClipFit,
      resize,
      interpolation: given.interpolation === "bilinear" ? "bilinear" : "bicubic",
      ...(resize === "longest" ? { fill: given.fill_color ?? 0 } : {}),
    },
  };
}

/** Pillow's filters by the numbers that transformers writes. */
const RESAMPLE: Readonly<Record<number, Interpolation>> = {
  1: "lanczos",
  2: "bilinear",
  3: "bicubic",
};
const OTHER_RESAMPLE: Readonly<Record<number, string>> = { 0: "NEAREST", 4: "BOX", 5: "HAMMING" };

/** Of the image processors of two families, what is left out, and their names. */
const PROCESSORS = {
  clip: {
    what: "the image processor of a CLIP",
    class: "CLIPProcessor",
    name: "CLIPImageProcessor",
    older: "CLIPFeatureExtractor",
    size: { shortest_edge: 224 },
    crop: true,
    normalization: clipNormalization,
  },
  siglip: {
    what: "the image processor of a SigLIP",
    class: "SiglipProcessor",
    name: "SiglipImageProcessor",
    older: "SiglipFeatureExtractor",
    size: { height: 224, width: 224 },
    crop: false,
    normalization: { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
  },
} as const;

const schemas = { clip: processorSchema("clip"), siglip: processorSchema("siglip") };
type Processor = z.output<ReturnType<typeof processorSchema>>;

function processorSchema(processor: keyof typeof PROCESSORS) {
  const { name, older, size, crop, normalization } = PROCESSORS[processor];
  return z.strictObject({
    size: z.union([
      count,
      z.strictObject({ shortest_edge: count }),
      z.strictObject({ height: count, width: count }),
    ], {
      error: ({ input }) =>
        "expected a whole number, { shortest_edge } or { height, width }, " +
        `found ${JSON.stringify(input)}`,
    }).default({ ...size }),
    crop_size: z.union([side, z.strictObject({ height: count, width: count })], {
      error: ({ input }) =>
        `expected a whole number or { height, width }, found ${JSON.stringify(input)}`,
    }).nullish().transform((value) => value ?? 224),
    resample: z.int().default(3),
    do_center_crop: z.boolean().nullish().transform((value) => value ?? crop),
    do_rescale: z.boolean().default(true),
    do_normalize: z.boolean().default(true),
    rescale_factor: z.number().positive().default(1 / 255),
    image_mean: triple.default([...normalization.mean]),
    image_std: triple.default([...normalization.deviation]),
    ...ignored(IMAGE_PROCESSOR_FIELDS),
    ...onlyEach({
      // Pictures of any size, and of other colours, go into no batch.
      do_resize: [true],
      do_convert_rgb: [true, null],
      do_pad: [null, false],
      pad_size: [null],
      use_square_size: [null, false],
      image_processor_type: [null, name, `${name}Fast`, `${name}Pil`, older],
      feature_extractor_type: [null, older, name],
    }),
  });
}

/**
 * Reads a `preprocessor_config.json` of transformers, or the image processor in a
 * `processor_config.json`, where version 5 keeps it.
 *
 * @param size The input of the image tower, in pixels.
 * @param processor Whose it is, which says what is left out. Default: CLIP's.
 * @returns undefined for a `processor_config.json` without an image processor.
 * @throws {SyntaxError} if it is no such file, or asks for what is not done here, naming it.
 */
export function parsePreprocessor(
  path: string,
  text: string,
  size: number,
  processor: keyof typeof PROCESSORS = "clip",
): Preprocessing | undefined {
  const { what, class: className } = PROCESSORS[processor];
  const processorSchema = schemas[processor];
  if (!path.endsWith("processor_config.json") || path.endsWith("preprocessor_config.json")) {
    return imageProcessor(path, parseJson(path, text, what, processorSchema), size);
  }
  const outer = z.looseObject({
    image_processor: z.unknown(),
    processor_class: only(className),
  });
  const { image_processor } = parseJson(path, text, what, outer.partial());
  if (image_processor === undefined || image_processor === null) return undefined;
  return imageProcessor(path, parseFields(path, image_processor, what, processorSchema), size);
}

function imageProcessor(
  path: string,
  given: Processor,
  expected: number,
): Preprocessing {
  const fail = (fault: string): never => {
    throw new SyntaxError(`${path}: ${fault}`);
  };
  const interpolation = RESAMPLE[given.resample] ?? fail(
    `resample: expected 1 (LANCZOS), 2 (BILINEAR) or 3 (BICUBIC), found ${given.resample}${
      OTHER_RESAMPLE[given.resample] === undefined ? "" : ` (${OTHER_RESAMPLE[given.resample]})`
    }`,
  );
  const { size, crop_size } = given;
  const exact = typeof size === "object" && "height" in size ? size : undefined;
  if (exact !== undefined && exact.height !== exact.width) {
    return fail(`size: expected a square, found ${exact.height} x ${exact.width}`);
  }
  const to = typeof size === "number" ? size : "height" in size ? size.height : size.shortest_edge;
  if (!given.do_center_crop && exact === undefined) {
    return fail("do_center_crop: expected true, or a size of { height, width }, found false");
  }
  const cut = !given.do_center_crop
    ? { height: to, width: to }
    : typeof crop_size === "number"
    ? { height: crop_size, width: crop_size }
    : crop_size;
  if (cut.height !== expected || cut.width !== expected) {
    return fail(
      `${given.do_center_crop ? "crop_size" : "size"}: expected ${expected} x ${expected}, the ` +
        `image tower's input, found ${cut.height} x ${cut.width}`,
    );
  }
  if (to < expected) {
    return fail(`size: expected at least the crop_size of ${expected}, found ${to}`);
  }
  const fit: SquareFit = {
    ...transformersFit,
    resize: exact === undefined ? "shortest" : "squash",
    interpolation,
    ...(to === expected ? {} : { side: to }),
  };
  const scale = given.do_rescale ? given.rescale_factor : 1;
  return {
    mean: given.do_normalize ? given.image_mean : [0, 0, 0],
    deviation: given.do_normalize ? given.image_std : [1, 1, 1],
    // Written with fewer digits, it still means that bytes become values from 0 to 1.
    ...(Math.abs(scale * 255 - 1) < 1e-6 ? {} : { scale }),
    size: expected,
    fit,
  };
}
