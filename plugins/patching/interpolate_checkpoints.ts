/**
 * Patching on files.
 *
 * @module
 */
import { checkAlpha } from "./check_alpha.ts";
import { basename, dirname, resolve } from "node:path";
import { assetsFromEnvironment } from "../../core/host/assets/environment.ts";
import { joinAddress } from "../../core/host/assets/address.ts";
import { openCheckpoint } from "../../core/host/storage/checkpoint.ts";
import type { TensorData } from "../../core/host/storage/safetensors_dtype.ts";
import type { TensorFile } from "../../core/host/storage/tensor_file.ts";
import {
  type TensorToWrite,
  writeSafetensors,
} from "../../core/host/storage/safetensors_writer.ts";
import { writeFileAtomically } from "../../core/host/storage/atomic_file.ts";
import type { Assets } from "../../core/assets.ts";
import { companionFor, COMPANIONS, sharedDtype } from "../clip/companions.ts";
import { compareTensors, type TensorList } from "./compare_tensors.ts";
import { isFloatDtype, type PatchedDtype } from "./float_dtype.ts";
import { decodeFloats, findBroken, interpolateFloats, type StoredFloats } from "./interpolate.ts";
import { locateCheckpoint } from "../clip/locate_checkpoint.ts";
import { addRounding, NO_ROUNDING, type Rounding } from "./rounding.ts";

/** What {@linkcode interpolateCheckpoints} left. */
export interface InterpolatedCheckpoint {
  /** The file of the weights. */
  readonly path: string;
  /** How many tensors it holds. */
  readonly tensors: number;
  /** How many values the fine-tune had changed in tensors that were rounded to a half precision. */
  readonly changed: number;
  /** How many of them are those of the pretrained checkpoint again once they are rounded. */
  readonly vanished: number;
}

/**
 * Writes the model `(1 − α)·before + α·after` of two checkpoints of one architecture, tensor by
 * tensor, so that memory holds three tensors at a time, however large the model is.
 *
 * Every tensor is interpolated, the logarithm of the logit scale too, in double precision, and
 * rounded once, to the element type that it has in `before`: a pretrained checkpoint in float16 or
 * bfloat16 keeps it, even if its fine-tune was written in float32. Integers must be equal and are
 * copied. Names, order and metadata are those of `after`, as are the configuration and tokenizer
 * files. A checkpoint in several files becomes one, and one of PyTorch becomes safetensors.
 *
 * @param before The pretrained checkpoint: a file of weights, or a folder or repository (`hf:…`)
 *   that holds one under a usual name.
 * @param after Its fine-tune, likewise.
 * @param alpha From 0, all of `before`, to 1, all of `after`.
 * @param out The model folder to write; made if it is missing.
 * @param assets Finds files by address. Default: as the environment says.
 * @param dtype The element type of floats; see {@linkcode PatchedDtype} for when float32 is better.
 * @throws {RangeError} if α is out of range, there are no weights at an address, `out` is the folder
 *   of one of them, integers differ, or a float is NaN or becomes infinite.
 * @throws {TypeError} naming the tensors that only one side has or that differ in type or shape.
 * @throws {SyntaxError} if a checkpoint is damaged.
 * @throws {StorageError} if the result cannot be written.
 *
 * @example
 * ```ts
 * import { interpolateCheckpoints } from "./interpolate_checkpoints.ts";
 * import { openCheckpoint, writeSafetensors } from "@syntagma/syntagma/storage";
 *
 * const folder = await Deno.makeTempDir();
 * for (const [name, value] of [["before", 1], ["after", 2]] as const) {
 *   const data = Float32Array.of(value);
 *   await writeSafetensors(`${folder}/${name}.safetensors`, [
 *     { name: "logit_scale", dtype: "F32", shape: [], data },
 *   ]);
 * }
 * const { path } = await interpolateCheckpoints(
 *   `${folder}/before.safetensors`,
 *   `${folder}/after.safetensors`,
 *   0.75,
 *   `${folder}/patched`,
 * );
 * const patched = await openCheckpoint(path);
 * console.assert((await patched.readFloat32("logit_scale"))[0] === 1.75);
 * ```
 */
export async function interpolateCheckpoints(
  before: string,
  after: string,
  alpha: number,
  out: string,
  assets: Assets = assetsFromEnvironment(),
  dtype: PatchedDtype = "pretrained",
): Promise<InterpolatedCheckpoint> {
  checkAlpha("alpha", alpha);
  const places = [await locateCheckpoint(before, assets), await locateCheckpoint(after, assets)];
  if (places.some(({ weights }) => resolve(dirname(weights)) === resolve(out))) {
    throw new RangeError(`${out}: expected another folder than those of the two checkpoints`);
  }
  const [from, to] = [
    await openCheckpoint(places[0]!.weights),
    await openCheckpoint(places[1]!.weights),
  ];
  compareTensors(listOf(from), listOf(to));
  await Deno.mkdir(out, { recursive: true });
  const path = `${out}/${fileName(to.path)}`;
  let rounding = NO_ROUNDING;
  const patched = tensors(from, to, alpha, dtype, (each) => {
    rounding = addRounding(rounding, each);
  });
  await writeSafetensors(path, patched, { format: "pt", ...to.metadata });
  const written = sharedDtype(patched.map(({ dtype }) => dtype));
  await copyCompanions(places[1]!.folder, out, assets, written);
  return { path, tensors: to.names.length, ...rounding };
}

function listOf(file: TensorFile): TensorList {
  return { title: file.path, tensors: new Map(file.names.map((name) => [name, file.info(name)])) };
}

function tensors(
  from: TensorFile,
  to: TensorFile,
  alpha: number,
  choice: PatchedDtype,
  onRounding: (rounding: Rounding) => void,
): TensorToWrite[] {
  return to.names.map((name) => {
    const { dtype: was, shape } = from.info(name);
    const { dtype: is } = to.info(name);
    if (!isFloatDtype(was) || !isFloatDtype(is)) {
      return { name, dtype: was, shape, data: () => readEqual(from, to, name) };
    }
    const dtype = choice === "float32" ? "F32" : was;
    return {
      ...{ name, dtype, shape },
      data: async () => {
        const before = { dtype: was, data: await from.read(name) };
        const after = { dtype: is, data: await to.read(name) };
        checkFloats(from.path, name, before, before);
        checkFloats(to.path, name, after, after);
        // The sides as they stand.
        if (alpha === 0 && dtype === was) return before.data;
        if (alpha === 1 && dtype === is) return after.data;
        const { data, ...rounding } = interpolateFloats(before, after, alpha, dtype);
        checkFloats(`α = ${alpha}`, name, { dtype, data }, before, after);
        onRounding(rounding);
        return data;
      },
    };
  });
}

/** Refuses what no model can be made of, whichever α: a patched model would be as broken. */
function checkFloats(
  where: string,
  name: string,
  values: StoredFloats,
  before: StoredFloats,
  after: StoredFloats = before,
): void {
  const place = findBroken(values, before, after);
  if (place === -1) return;
  const [found] = decodeFloats({ ...values, data: values.data.slice(place, place + 1) });
  const overflow = values === before
    ? ""
    : `; ${values.dtype} ends before it, dtype float32 does not`;
  throw new RangeError(
    `${where}: "${name}" holds ${found} at place ${place}, expected finite values${overflow}`,
  );
}

/** A tensor of integers or truth values, which both sides must share. */
async function readEqual(from: TensorFile, to: TensorFile, name: string): Promise<TensorData> {
  const [before, after] = [await from.read(name), await to.read(name)];
  // By index: iterating over typed arrays takes twenty times as long.
  for (let i = 0; i < before.length; i++) {
    if (before[i] === after[i]) continue;
    throw new RangeError(
      `${to.path}: expected "${name}" (${to.info(name).dtype}) as in ${from.path}, found other ` +
        "values; there is nothing between integers",
    );
  }
  return after;
}

/** The usual name of the same weights as one safetensors file. */
function fileName(path: string): string {
  const name = basename(path).replace(/\.index\.json$/, "");
  return name.replace(/(pytorch_model)?\.(bin|pt|pth)$/, (_, usual) => {
    return `${usual === undefined ? "" : "model"}.safetensors`;
  });
}

async function copyCompanions(
  folder: string,
  out: string,
  assets: Assets,
  dtype: string,
): Promise<void> {
  for (const name of COMPANIONS) {
    const path = await assets.optionalFile(joinAddress(folder, name));
    if (path === undefined) continue;
    const content = companionFor(name, await Deno.readFile(path), dtype);
    await writeFileAtomically(`${out}/${name}`, content);
  }
}
