/**
 * Checkpoints: all that a run needs to go on as if it had never stopped.
 *
 * @module
 */
import { checkContent } from "../../../core/check_content.ts";
import type { Standing } from "../../../core/training/loop/standing.ts";
import { z } from "zod";
import { sameShape, showShape } from "../../../core/graph/node.ts";
import type { DeviceTensor } from "../../../core/device/device.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import { writeSafetensors } from "../../../core/host/storage/safetensors_writer.ts";
import type { TensorFile } from "../../../core/host/storage/tensor_file.ts";
import { alone, placedFirst } from "../../../core/processes/exchange.ts";
import { fromFirst } from "../../../core/processes/together.ts";
import {
  lend,
  type SavedTensor,
  savedTensors,
  type StatePlace,
} from "../../../core/training/loop/saved_tensors.ts";
import type { TrainingState } from "../../../core/training/loop/state.ts";
import { parseJson } from "../../../core/parse_json.ts";
import { checkFinite } from "../../../core/finite.ts";

const count = z.int().min(0);

const standingSchema = z.object({
  step: count,
  next: z.object({ epoch: count, position: count, due: z.array(count).exactOptional() }),
  epoch: count,
});

/**
 * Writes `<folder>/step-<number>.safetensors`, whole or not at all, and removes all but the last
 * two checkpoints. All processes that share the state must call it; the first one writes.
 *
 * @param place Default: one process has all of the state.
 * @returns the path.
 * @throws {RangeError} if a value is not finite: the checkpoints that stand are good ones.
 */
export async function saveCheckpoint(
  folder: string,
  state: TrainingState,
  standing: Standing,
  place?: StatePlace,
): Promise<string> {
  const path = `${folder}/step-${String(standing.step).padStart(8, "0")}.safetensors`;
  const read = async (saved: SavedTensor): Promise<Float32Array<ArrayBuffer>> => {
    const values = (tensor: DeviceTensor) => tensor.read() as Promise<Float32Array<ArrayBuffer>>;
    return await (saved.at === undefined
      ? values(saved.tensor!)
      : lend(saved, place!, saved.at, values));
  };
  if (place !== undefined && place.exchange.rank !== 0) {
    for (const saved of savedTensors(state)) if (saved.at !== undefined) await read(saved);
    return path;
  }
  await Deno.mkdir(folder, { recursive: true });
  const tensors = Array.from(savedTensors(state), (saved) => ({
    name: saved.name,
    dtype: "F32" as const,
    shape: saved.shape,
    data: async () => {
      const values = await read(saved);
      checkFinite(`${path} was not written: after step ${standing.step} "${saved.name}"`, values);
      return values;
    },
  }));
  await writeSafetensors(path, tensors, { standing: JSON.stringify(standing) });
  await removeOldCheckpoints(folder);
  return path;
}

/** Removes all but the last two; a process may be killed before it comes to that. */
export async function removeOldCheckpoints(folder: string): Promise<void> {
  for (const old of (await list(folder)).slice(0, -2)) await Deno.remove(old);
}

/** The newest checkpoint of a folder, if there is one. */
export async function lastCheckpoint(folder: string): Promise<string | undefined> {
  return (await list(folder)).at(-1);
}

/** The step that a checkpoint was written after, by its name; 0 where there is none. */
export function stepOfCheckpoint(path: string | undefined): number {
  return Number(/step-(\d+)\.safetensors$/.exec(path ?? "")?.[1] ?? 0);
}

/**
 * Puts a checkpoint's tensors back on the device. All processes that share the state must call it;
 * the first one reads.
 *
 * @param place Default: one process has all of the state.
 * @throws {SyntaxError} if the file is damaged, or of a run with other parameters.
 */
export async function loadCheckpoint(
  path: string,
  state: TrainingState,
  place?: StatePlace,
): Promise<Standing> {
  const exchange = place?.exchange ?? alone;
  const all = [...savedTensors(state)];
  let file: TensorFile | undefined;
  const standing = await fromFirst(exchange, async () => {
    file = await openSafetensors(path);
    return checkFits(path, file, all);
  });
  // Written only now: a checkpoint that does not fit leaves the state as it was.
  const common: DeviceTensor[] = [];
  for (const saved of all) {
    const values = async () => await file?.readFloat32(saved.name);
    if (saved.at !== undefined) await lend(saved, place!, 0, () => Promise.resolve(), values);
    else {
      const given = await values();
      if (given !== undefined) saved.tensor!.write(given);
      common.push(saved.tensor!);
    }
  }
  await exchange.share(placedFirst(common));
  return standing;
}

/** The standing of a checkpoint whose tensors are those of a state. */
function checkFits(path: string, file: TensorFile, all: readonly SavedTensor[]): Standing {
  for (const { name, shape } of all) {
    const found = file.has(name) ? file.info(name).shape : undefined;
    if (found !== undefined && sameShape(found, shape)) continue;
    throw new SyntaxError(
      `${path}: expected tensor "${name}" of shape ${showShape(shape)}, found ${
        found === undefined ? "none" : showShape(found)
      }; is it a checkpoint of another recipe?`,
    );
  }
  const names = new Set(all.map(({ name }) => name));
  const stranger = file.names.find((name) => !names.has(name));
  if (stranger !== undefined) {
    throw new SyntaxError(
      `${path}: expected no tensor "${stranger}"; is it a checkpoint of another recipe?`,
    );
  }
  const { standing: written } = file.metadata;
  const where = `${path}, its metadata`;
  const found = written === undefined ? undefined : parseJson(where, written);
  return checkContent(where, "the standing of a run", standingSchema, found);
}

const CHECKPOINT = /^step-\d+\.safetensors$/;

async function list(folder: string): Promise<string[]> {
  const paths: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (CHECKPOINT.test(name)) paths.push(`${folder}/${name}`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return paths.sort();
}
