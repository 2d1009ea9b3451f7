import { join } from "node:path";
import { modelReference } from "../models/model_reference.ts";

/** A file that is pushed. */
export interface PushFile {
  /** Its path in the repository. */
  readonly name: string;
  /** Where it is. */
  readonly path: string;
  readonly bytes: number;
}

/** The name that models go by where they are pushed to. */
const REPOSITORY = /^hf:([\w.-]+\/[\w.-]+)$/;

/**
 * The name of a repository by its address.
 *
 * @throws {RangeError} if it is none.
 */
export function repositoryOf(address: string): string {
  const name = REPOSITORY.exec(address)?.[1];
  if (name !== undefined) return name;
  throw new RangeError(`expected a repository such as hf:ada/my-clip, found ${address}`);
}

/**
 * The files of a model folder, or of the model of a run, that go to the hub.
 *
 * @throws {RangeError} if there are no weights among them.
 */
export async function pushFiles(reference: string): Promise<readonly PushFile[]> {
  const folder = await modelReference(reference);
  const files: PushFile[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (!isFile || name.startsWith(".") || name.endsWith(".tmp")) continue;
      const path = join(folder, name);
      files.push({ name, path, bytes: (await Deno.stat(path)).size });
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) {
      throw error;
    }
    throw new RangeError(`${folder}: expected a model folder or the folder of a run, found none`);
  }
  if (files.some(({ name }) => /\.(safetensors|bin)$/.test(name))) {
    return files.toSorted((a, b) => a.name < b.name ? -1 : 1);
  }
  throw new RangeError(`${folder}: expected a model folder, found no weights in it`);
}
