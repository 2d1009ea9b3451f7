import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { openCheckpoint } from "../../../core/host/storage/checkpoint.ts";
import { MAX_HEADER_BYTES } from "../../../core/host/storage/safetensors_header.ts";
import { writeSafetensors } from "../../../core/host/storage/safetensors_writer.ts";
import { clip } from "../../../plugins/clip/clip.ts";
import type { ClipConfig } from "../../../plugins/clip/config.ts";
import { initialValues } from "../../../plugins/clip/initial_values.ts";
import { clipNormalization } from "../../../plugins/clip/normalization.ts";
import { type ClipNames, huggingFaceNames, openClipNames } from "../../../plugins/clip/names.ts";
import { clipParameters } from "../../../plugins/clip/parameters.ts";
import { writeModelFolder } from "../../../plugins/clip/weights.ts";
import { transformersFit } from "../../../core/images/square_fit.ts";
import { floats, torchArchive } from "../../helpers/torch_writer.ts";
import { withFolder } from "../../helpers/with_folder.ts";
import { type Files, type FuzzCase, jsonOf, type Reading } from "../fuzz_case.ts";
import { join } from "../mutate_bytes.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const golden = new URL("../../golden/", import.meta.url).pathname;
const context = {
  assets: createAssets({ cache: "/nonexistent", offline: true }),
  images: createPicturePool({ workers: 0 }),
  log: () => {},
};

async function readAll(path: string): Promise<Reading> {
  const file = await openCheckpoint(path);
  for (const name of file.names) {
    const { shape, dtype } = file.info(name);
    const values = await file.read(name);
    const count = shape.reduce((a, b) => a * b, 1);
    if (values.length !== count) {
      throw new Error(`${path}: ${name} has ${values.length} values, its shape ${count}`);
    }
    if (["F32", "F16", "BF16", "F64"].includes(dtype)) await file.readFloat32(name);
  }
  return { faults: 0 };
}

async function load(path: string): Promise<Reading> {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const model = await clip({ weights: folder }).load(context);
  await model.read();
  model.tokenizer.encode("a lamp", 77);
  return { faults: 0 };
}

/** CLIP's vocabulary, since there is a tokenizer for no other; all else as small as can be. */
const config: ClipConfig = {
  dim: 2,
  activation: "quick_gelu",
  epsilon: 1e-5,
  image: { size: 8, patch: 4, width: 4, layers: 1, heads: 2, hidden: 8 },
  text: { context: 8, vocabulary: 49408, width: 2, layers: 1, heads: 1, hidden: 4 },
};

/** The files of a model as they are written here, which is as open_clip and transformers read them. */
async function modelFolder(names: ClipNames): Promise<Files> {
  return await withFolder(async (folder) => {
    const isHub = names.scheme === "huggingface";
    await writeModelFolder(folder, {
      config,
      names,
      preprocessing: {
        ...clipNormalization,
        size: config.image.size,
        ...(isHub ? { fit: transformersFit } : {}),
      },
      values: initialValues(config, clipParameters(config, names), 1),
    });
    const files: Record<string, Bytes> = {};
    for await (const { name } of Deno.readDir(folder)) {
      files[name] = await Deno.readFile(`${folder}/${name}`);
    }
    return files;
  });
}

/** A file of a model's folder, the others of which stand beside it. */
function fileOfModel(name: string, file: string, names: ClipNames): FuzzCase {
  return {
    name,
    file,
    form: "json",
    valid: async () => [(await modelFolder(names))[file] as Bytes],
    beside: async () => await modelFolder(names),
    read: load,
  };
}

/** Weights, and the configurations that come with them. */
export const weightFiles: readonly FuzzCase[] = [
  {
    name: "safetensors",
    file: "model.safetensors",
    form: "bytes",
    valid: smallSafetensors,
    read: readAll,
  },
  {
    name: "safetensors' header",
    file: "header.json",
    form: "json",
    valid: async () => {
      const [bytes] = await smallSafetensors();
      return [bytes!.slice(8, 8 + headerOf(bytes!))];
    },
    read: async (path) => {
      const header = await Deno.readFile(path);
      const length = new Uint8Array(8);
      new DataView(length.buffer).setBigUint64(
        0,
        BigInt(Math.min(header.length, MAX_HEADER_BYTES)),
        true,
      );
      const whole = `${path}.safetensors`;
      await Deno.writeFile(whole, join(length, header, new Uint8Array(DATA)));
      return await readAll(whole);
    },
  },
  {
    name: "index of shards",
    file: "model.safetensors.index.json",
    form: "json",
    valid: jsonOf({
      metadata: { total_size: 24 },
      weight_map: { first: "a.safetensors", second: "b.safetensors" },
    }),
    beside: async () => ({
      "a.safetensors": (await smallSafetensors())[0]!,
      "b.safetensors": (await smallSafetensors())[1]!,
    }),
    read: readAll,
  },
  {
    name: "PyTorch",
    file: "model.pt",
    form: "bytes",
    valid: async () => [
      ...await torchFiles(["mixed", "training", "nested", "best_accuracy", "protocol5"]),
      ...await torchFiles(["big_endian", "ema", "model_ema", "beside"]),
      torchArchive({ weight: floats([2, 3], new Float32Array([1, 2, 3, 4, 5, 6])) }, {
        zip64: true,
      }),
    ],
    read: readAll,
  },
  {
    name: "PyTorch before 1.6",
    file: "model.pth",
    form: "bytes",
    valid: async () => await torchFiles(["mixed_legacy", "beside_legacy"]),
    read: readAll,
  },
  {
    name: "TorchScript",
    file: "model.pt",
    form: "bytes",
    valid: async () => await torchFiles(["script"]),
    read: readAll,
  },
  fileOfModel("open_clip_config.json", "open_clip_config.json", openClipNames),
  fileOfModel("config.json", "config.json", huggingFaceNames),
  fileOfModel("preprocessor_config.json", "preprocessor_config.json", huggingFaceNames),
  {
    ...fileOfModel("processor_config.json", "processor_config.json", huggingFaceNames),
    valid: jsonOf({
      processor_class: "CLIPProcessor",
      image_processor: {
        image_processor_type: "CLIPImageProcessor",
        crop_size: { height: 8, width: 8 },
        size: { shortest_edge: 8 },
        do_center_crop: true,
        do_convert_rgb: true,
        do_normalize: true,
        do_rescale: true,
        do_resize: true,
        image_mean: [0.5, 0.5, 0.5],
        image_std: [0.5, 0.5, 0.5],
        resample: 3,
        rescale_factor: 1 / 255,
      },
    }),
    beside: async () => {
      const { "preprocessor_config.json": _, ...files } = await modelFolder(huggingFaceNames);
      return files;
    },
  },
  {
    ...fileOfModel("a model's safetensors", "open_clip_model.safetensors", openClipNames),
    form: "bytes",
  },
];

function headerOf(bytes: Bytes): number {
  return Number(new DataView(bytes.buffer).getBigUint64(0, true));
}

async function torchFiles(names: readonly string[]): Promise<readonly Bytes[]> {
  return await Promise.all(names.map((name) => Deno.readFile(`${golden}torch/${name}.pt`)));
}

/** Bytes of data of the first of them. */
const DATA = 6 * 4 + 4 * 2;

/** Files of a few tensors, of which one is the `safetensors` package's own. */
async function smallSafetensors(): Promise<readonly Bytes[]> {
  const written = await withFolder(async (folder) => {
    const paths = ["first", "second"].map((name) => ({ name, path: `${folder}/${name}` }));
    for (const { name, path } of paths) {
      const data = new Float32Array([1, 2, 3, 4, 5, 6]);
      await writeSafetensors(path, [
        { name, dtype: "F32", shape: [2, 3], data },
        { name: `${name}.half`, dtype: "F16", shape: [4], data: new Uint16Array(4) },
      ], { format: "pt" });
    }
    return await Promise.all(paths.map(({ path }) => Deno.readFile(path)));
  });
  return [...written, await Deno.readFile(`${golden}storage/mixed.safetensors`)];
}
