import { openSafetensors } from "./safetensors.ts";
import { openShardedCheckpoint } from "./sharded_checkpoint.ts";
import type { TensorFile } from "./tensor_file.ts";
import { openTorchCheckpoint } from "./torch_checkpoint.ts";

/**
 * Opens a checkpoint: a safetensors file, a file of PyTorch (`.pt`, `.pth`, `.bin`), or, if `path`
 * ends in `.index.json`, the files that the index names. What a file is, its contents tell, not its
 * name.
 *
 * @param part The name of the dictionary in a file of PyTorch that holds the model, such as
 *   `model_ema`, where there are several; of no effect if there is none of that name.
 * @throws {RangeError} if a file holds weights and averaged weights and `part` names neither.
 * @throws {SyntaxError} if a file is truncated, damaged, missing from the index, of another format, or
 *   asks for code to be run.
 * @throws {Deno.errors.NotFound} if there is no file at `path`.
 */
export async function openCheckpoint(path: string, part?: string): Promise<TensorFile> {
  return await (path.endsWith(".index.json")
    ? openShardedCheckpoint(path, (shard) => openFile(shard, part))
    : openFile(path, part));
}

async function openFile(path: string, part: string | undefined): Promise<TensorFile> {
  const first = await firstBytes(path);
  // Eight bytes of length, then JSON: asked first, since any length may begin a safetensors file.
  const isSafetensors = first[8] === "{".charCodeAt(0);
  const isZip = first[0] === 0x50 && first[1] === 0x4b;
  const isPickle = first[0] === 0x80;
  if (!isSafetensors && (isZip || isPickle)) return await openTorchCheckpoint(path, part);
  const other = isSafetensors ? undefined : describeOther(first);
  if (other === undefined) return await openSafetensors(path);
  throw new SyntaxError(`${path}: expected safetensors or a checkpoint of PyTorch, found ${other}`);
}

async function firstBytes(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array(512);
  let filled = 0;
  while (filled < bytes.length) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** What people end up with in place of weights. */
function describeOther(first: Uint8Array): string | undefined {
  const text = new TextDecoder("latin1").decode(first);
  if (text.startsWith("version https://git-lfs")) {
    return "a pointer of Git LFS, not the file it stands for";
  }
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) return "a web page";
  if (text.slice(257, 262) === "ustar") return "a tar archive, as PyTorch wrote before 0.1.10";
  return undefined;
}
