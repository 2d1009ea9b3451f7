/**
 * Folders of adapters as PEFT keeps them: `adapter_config.json` and `adapter_model.safetensors`.
 *
 * PyTorch's `MultiheadAttention`, which has one matrix for queries, keys and values, is one module to
 * PEFT, with one pair of matrices for all three and one for its `out_proj`, of equal rank. Adapters of
 * a third each are written as blocks of such a pair. The other pair is zero, and refused if it is not:
 * PEFT 0.21 adds its product twice, in what it computes and in what it merges.
 *
 * @module
 */
import type { Assets } from "../../core/assets.ts";
import { joinAddress } from "../../core/host/assets/address.ts";
import { openCheckpoint } from "../../core/host/storage/checkpoint.ts";
import { writeFileAtomically } from "../../core/host/storage/atomic_file.ts";
import { readJson } from "../../core/host/storage/read_json.ts";
import {
  type TensorToWrite,
  writeSafetensors,
} from "../../core/host/storage/safetensors_writer.ts";
import type { HostTensor } from "../../core/model.ts";
import { type Adapter, adapterNames, adapterShapes, scalingOf } from "./adapter.ts";
import {
  type AdapterConfig,
  alphaOf,
  formatAdapterConfig,
  parseAdapterConfig,
} from "./adapter_config.ts";
import type { LinearLayer } from "./linear_layers.ts";
import { packAttention } from "./pack_attention.ts";

const CONFIG = "adapter_config.json";
const WEIGHTS = ["adapter_model.safetensors", "adapter_model.bin"];
/** What PEFT puts before the names of the model that it wraps. */
const PREFIX = "base_model.model.";
/** What it puts before `out_proj` in a packed attention. */
const INNER = ".base_layer.out_proj";

/** Adapters with their values. */
export interface ReadAdapters {
  readonly adapters: readonly Adapter[];
  readonly values: ReadonlyMap<string, HostTensor>;
}

/**
 * The description of adapters at an address.
 *
 * @throws {SyntaxError} from {@linkcode parseAdapterConfig}.
 */
export async function readAdapterConfig(address: string, assets: Assets): Promise<AdapterConfig> {
  const path = await assets.file(joinAddress(address, CONFIG));
  return parseAdapterConfig(path, await readJson(path));
}

/**
 * Reads adapters for the layers of a model.
 *
 * @throws {SyntaxError} if there are no tensors, or one is not that of an adapter of these layers.
 */
export async function readAdapters(
  address: string,
  { config, layers, assets }: {
    readonly config: AdapterConfig;
    readonly layers: readonly LinearLayer[];
    readonly assets: Assets;
  },
): Promise<ReadAdapters> {
  const file = await openCheckpoint(await findWeights(address, assets));
  const fail = (fault: string): never => {
    throw new SyntaxError(`${file.path}: ${fault}`);
  };
  const byModule = new Map(layers.map((layer) => [layer.module, layer]));
  const adapters: Adapter[] = [];
  const values = new Map<string, HostTensor>();
  const read = new Set<string>();
  for (const tensor of file.names) {
    const module = /^base_model\.model\.(.+)\.lora_A\.weight$/.exec(tensor)?.[1];
    if (module === undefined) continue;
    if (module.endsWith(INNER)) {
      const up = `${PREFIX}${module}.lora_B.weight`;
      if (!file.has(up) || (await file.readFloat32(up)).some((value) => value !== 0)) {
        fail(`expected "${up}" to be zero: PEFT adds what stands there twice`);
      }
      read.add(tensor).add(up);
      continue;
    }
    const layer = byModule.get(module) ??
      fail(`expected adapters of the model's linear layers, found one of "${module}"`);
    const [rank] = file.info(tensor).shape as [number];
    const { rankStabilized, dora } = config;
    const alpha = alphaOf(module, config);
    const scaling = scalingOf({ alpha, rank, rankStabilized });
    const { part, weight, outputs, whole, inputs } = layer;
    const adapter = { module, part, weight, outputs, whole, inputs, rank, scaling, dora };
    adapters.push(adapter);
    for (const [name, shape] of adapterShapes(adapter)) {
      const from = `${PREFIX}${module}${name.slice(module.length)}`;
      if (!file.has(from)) fail(`expected a tensor "${from}", found none`);
      const found = file.info(from).shape;
      if (found.join() !== shape.join()) {
        fail(`expected "${from}" of shape [${shape.join(", ")}], found [${found.join(", ")}]`);
      }
      values.set(name, { shape, data: await file.readFloat32(from) });
      read.add(from);
    }
  }
  const rest = file.names.find((name) => !read.has(name));
  if (rest !== undefined) fail(`expected matrices of LoRA alone, found "${rest}"`);
  if (adapters.length === 0) fail("expected adapters, found no tensor");
  return { adapters, values };
}

async function findWeights(address: string, assets: Assets): Promise<string> {
  for (const name of WEIGHTS) {
    const path = await assets.optionalFile(joinAddress(address, name));
    if (path !== undefined) return path;
  }
  throw new RangeError(`${address}: expected ${WEIGHTS.join(" or ")} beside ${CONFIG}, found none`);
}

/** Writes a folder that PEFT reads. */
export async function writeAdapters(
  folder: string,
  { adapters, values }: ReadAdapters,
  { layers, config }: {
    /** All of the model. */
    readonly layers: readonly LinearLayer[];
    readonly config: Omit<AdapterConfig, "alphas">;
  },
): Promise<void> {
  const attentionOf = new Map(layers.map(({ module, attention }) => [module, attention]));
  const groups = Map.groupBy(adapters, ({ module }) => attentionOf.get(module) ?? module);
  const tensors: TensorToWrite[] = [];
  const modules: { module: string; rank: number; alpha: number }[] = [];
  const write = (module: string, adapter: string, { shape, data }: HostTensor) =>
    tensors.push({
      name: `${PREFIX}${module}${adapter}`,
      ...{ dtype: "F32", shape, data: new Float32Array(data) },
    });
  for (const [module, group] of groups) {
    const isPacked = attentionOf.get(group[0]!.module) !== undefined;
    const { rank, scaling } = isPacked
      ? packAttention(
        module,
        group,
        { layers, values },
        (inner, name, tensor) => write(inner ? `${module}${INNER}` : module, name, tensor),
      )
      : group[0]!;
    if (!isPacked) {
      for (const name of Object.values(adapterNames(module))) {
        const value = values.get(name);
        if (value !== undefined) write(module, name.slice(module.length), value);
      }
    }
    const alpha = scaling * (config.rankStabilized ? Math.sqrt(rank) : rank);
    modules.push({ module, rank, alpha: rounded(alpha) });
  }
  await Deno.mkdir(folder, { recursive: true });
  await writeSafetensors(`${folder}/${WEIGHTS[0]}`, tensors, { format: "pt" });
  const others = layers.map(({ module, attention }) => attention ?? module)
    .filter((module) => !groups.has(module));
  const text = formatAdapterConfig({ ...config, modules, others });
  await writeFileAtomically(`${folder}/${CONFIG}`, text);
}

/** An alpha that came back from its scaling, without the last digits of the way. */
function rounded(alpha: number): number {
  return Number(alpha.toPrecision(12));
}
