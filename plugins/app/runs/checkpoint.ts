/**
 * Checkpoints: all that a run needs to go on as if it had never stopped.
 *
 * @module
 */
import type { Standing } from "../../../core/training/loop/standing.ts";
import { z } from "zod";
import { sameShape, showShape } from "../../../core/graph/node.ts";
import type { DeviceTensor } from "../../../core/device/device.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import { writeSafetensors } from "../../../core/host/storage/safetensors_writer.ts";
import { namedTensors, type TrainingState } from "../../../core/training/loop/state.ts";
import { checkFinite } from "../../../core/finite.ts";

const count = z.int().min(0);

const standingSchema = z.object({
  step: count,
  next: z.object({ epoch: count, position: count, due: z.array(count).exactOptional() }),
  epoch: count,
});

/**
 * Writes `<folder>/step-<number>.safetensors`, whole or not at all, and removes all but the last
 * two checkpoints.
 *
 * @returns the path.
 * @throws {RangeError} if a value is not finite: the checkpoints that stand are good ones.
 */
export async function saveCheckpoint(
  folder: string,
  state: TrainingState,
  standing: Standing,
): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const path = `${folder}/step-${String(standing.step).padStart(8, "0")}.safetensors`;
  const tensors = [...namedTensors(state)].map(([name, tensor]) => ({
    name,
    dtype: "F32" as const,
    shape: tensor.shape,
    data: async () => {
      const values = await tensor.read() as Float32Array<ArrayBuffer>;
      checkFinite(`${path} was not written: after step ${standing.step} "${name}"`, values);
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
 * Puts a checkpoint's tensors back on the device.
 *
 * @throws {SyntaxError} if the file is damaged, or of a run with other parameters.
 */
export async function loadCheckpoint(path: string, state: TrainingState): Promise<Standing> {
  const file = await openSafetensors(path);
  const tensors = new Map(namedTensors(state));
  for (const [name, tensor] of tensors) {
    checkFits(path, name, tensor, file.has(name) ? file.info(name).shape : undefined);
  }
  const stranger = file.names.find((name) => !tensors.has(name));
  if (stranger !== undefined) {
    throw new SyntaxError(
      `${path}: expected no tensor "${stranger}"; is it a checkpoint of another recipe?`,
    );
  }
  const parsed = standingSchema.safeParse(parseJson(file.metadata.standing));
  if (!parsed.success) {
    throw new SyntaxError(`${path}: expected the standing of a run in its metadata, found none`);
  }
  // Written only now: a checkpoint that does not fit leaves the state as it was.
  for (const [name, tensor] of tensors) tensor.write(await file.readFloat32(name));
  return parsed.data;
}

function checkFits(
  path: string,
  name: string,
  { shape }: DeviceTensor,
  found: readonly number[] | undefined,
): void {
  if (found !== undefined && sameShape(found, shape)) return;
  throw new SyntaxError(
    `${path}: expected tensor "${name}" of shape ${showShape(shape)}, found ${
      found === undefined ? "none" : showShape(found)
    }; is it a checkpoint of another recipe?`,
  );
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

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
