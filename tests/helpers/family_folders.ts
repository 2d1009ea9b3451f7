/**
 * Small models in their usual layouts, and what their libraries make of texts and pictures
 * (tests/golden/README.md).
 *
 * @module
 */
import type { Context } from "../../core/context.ts";
import type { Device } from "../../core/device/device.ts";
import { createAssets } from "../../core/host/assets/create_assets.ts";
import { openDevice } from "../../core/host/devices/open_device.ts";
import { createPicturePool } from "../../core/host/images/pool.ts";
import { openCheckpoint } from "../../core/host/storage/checkpoint.ts";
import type { ModelFeature, ModelSource } from "../../core/model.ts";
import { uploadParameters } from "../../core/towers/device_parameters.ts";
import { createLoadedModel, type LoadedModel } from "../../plugins/app/models/loaded_model.ts";
import { clip } from "../../plugins/clip/clip.ts";
import { loadParts } from "../../plugins/clip/load_parts.ts";
import type { ModelParts } from "../../plugins/clip/model_parts.ts";
import { openClipParts } from "../../plugins/clip/open_clip_parts.ts";
import { parseOpenClip } from "../../plugins/clip/parse_open_clip.ts";
import { siglip } from "../../plugins/clip/siglip.ts";
import { type TimmConfig, timmConfig } from "../../plugins/clip/vit/timm_config.ts";
import { withFolder } from "./with_folder.ts";

const folders = new URL("../golden/family_folders/", import.meta.url).pathname;

const OPEN_CLIP = "open_clip_model.safetensors";

/** The folders, and the file that holds the weights of each. */
export const familyWeights = {
  clipa: OPEN_CLIP,
  clips: OPEN_CLIP,
  worldwide: OPEN_CLIP,
  roberta: OPEN_CLIP,
  siglip: "model.safetensors",
  siglip2_open_clip: OPEN_CLIP,
  eva: OPEN_CLIP,
  eva02: OPEN_CLIP,
  perception_encoder: OPEN_CLIP,
  mobileclip: OPEN_CLIP,
  coca: OPEN_CLIP,
  resnet: OPEN_CLIP,
} as const;

/** The name of a folder. */
export type FamilyName = keyof typeof familyWeights;

/** All of them. */
export const familyNames = Object.keys(familyWeights) as FamilyName[];

/** What is embedded with all of them. */
export const familyItems = JSON.parse(Deno.readTextFileSync(`${folders}items.json`)) as {
  readonly texts: readonly string[];
  readonly pictures: readonly string[];
};

/** The file of the embeddings that are expected. */
export function expectedEmbeddings(name: FamilyName): string {
  return `${folders}${name}/expected.safetensors`;
}

/**
 * A copy of a folder without what is expected of it. Weights with CLIP's whole vocabulary, the rows of which
 * repeat, stand there as gzip.
 */
export async function copyFamily(name: FamilyName, to: string): Promise<string> {
  const target = `${to}/${name}`;
  await Deno.mkdir(target);
  for await (const { name: file } of Deno.readDir(`${folders}${name}`)) {
    if (file === "expected.safetensors") continue;
    if (!file.endsWith(".gz")) {
      await Deno.copyFile(`${folders}${name}/${file}`, `${target}/${file}`);
      continue;
    }
    const packed = await Deno.open(`${folders}${name}/${file}`);
    const written = await Deno.create(`${target}/${file.replace(/\.gz$/, "")}`);
    await packed.readable.pipeThrough(new DecompressionStream("gzip")).pipeTo(written.writable);
  }
  return target;
}

/** Towers of timm's as open_clip's names for them have them, with sizes that no name has. */
const small: Partial<TimmConfig> = {
  ...{ size: 32, patch: 8, width: 16, layers: 2, heads: 2, hidden: 32 },
};
const TIMM: Readonly<Record<string, Partial<TimmConfig>>> = {
  vit_base_patch32_siglip_256: { ...small, pool: { heads: 2, hidden: 32 } },
  eva_giant_patch14_224: small,
  eva02_large_patch14_clip_224: { ...small, hidden: 42 },
  vit_pe_core_base_patch16_224: {
    ...{ ...small, pool: { heads: 2, hidden: 32 } },
    rotary: { offset: 1, first: "columns", reference: 14 },
  },
  vit_base_mci_224: { ...small, patch: 16 },
};

/** What reads a folder: `clip` or `siglip`, or what stands behind them where the image tower is timm's. */
export async function familySource(weights: string): Promise<ModelSource> {
  const files = new Set(Array.from(Deno.readDirSync(weights), ({ name }) => name));
  if (!files.has("open_clip_config.json")) return siglip({ weights });
  const path = `${weights}/open_clip_config.json`;
  const config = JSON.parse(await Deno.readTextFile(path));
  const { timm_model_name: name } = config.model_cfg.vision_cfg;
  if (name === undefined) return clip({ weights });
  // A tower that has these sizes by its configuration stands in for the one that its name makes large.
  config.model_cfg.vision_cfg = { image_size: 32, patch_size: 8, width: 16, head_width: 8 };
  const model = parseOpenClip(path, JSON.stringify(config));
  const tower = { ...timmConfig(name)!, ...TIMM[name] };
  const parts = openClipParts({ ...model, image: { kind: "timm", config: tower } }, true);
  return sourceOf(weights, parts);
}

function sourceOf(weights: string, parts: ModelParts): ModelSource {
  const source: ModelSource<ModelFeature> = {
    name: "smallFamily",
    options: { weights },
    gives: { tokens: true, pooled: true, patches: true, logitBias: true },
    with: () => source,
    load: async ({ assets, log }) => {
      const file = await openCheckpoint(`${weights}/${OPEN_CLIP}`);
      return await loadParts(parts, { weights, folder: weights, file }, { assets, log });
    },
    generate: () => Promise.reject(new Error("these weights are read")),
  };
  return source;
}

/** What models stand on in a test. */
export interface Opened {
  readonly context: Context;
  readonly device: Device;
}

/** A model on the device; pictures are decoded on this thread. */
export async function openFamily(
  source: ModelSource,
  { context, device }: Opened,
): Promise<LoadedModel> {
  const towers = await source.load(context);
  const parameters = await uploadParameters(device, towers);
  const release = async () => {
    for (const tensor of parameters.values()) tensor.dispose();
    await device.programs.dispose();
  };
  const literature = () => Promise.resolve({});
  return createLoadedModel({
    context,
    device,
    towers,
    parameters,
    source,
    chunk: 3,
    literature,
    release,
  });
}

/** A folder for a test, and what models in it stand on; `log` is what they say. */
export async function withFamilies(
  work: (folder: string, opened: Opened, log: readonly string[]) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    using images = createPicturePool({ workers: 0 });
    const log: string[] = [];
    const assets = createAssets({ cache: `${folder}/.cache`, offline: true });
    const device = await openDevice("cpu");
    const context: Context = { assets, images, log: (line) => log.push(line) };
    await work(folder, { context, device }, log);
    await device.dispose();
  });
}
