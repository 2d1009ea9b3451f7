import { decodePicture } from "../../core/host/images/decode.ts";
import { openSafetensors } from "../../core/host/storage/safetensors.ts";
import { filesIn, TEMPORARY } from "./files.ts";

/** Files that grow line by line, whose last line a kill may cut. */
const GROWING = /(^|\/)(metrics|downloads|failures)\.jsonl$|\.csv$|\.tfevents\.|\.embeddings$/;

/**
 * The files of a folder that stand under their final names and are not whole, with what is wrong.
 * Temporary files are none of these, nor are those that grow by lines or records.
 */
export async function brokenFiles(folder: string): Promise<string[]> {
  const broken: string[] = [];
  for (const path of await filesIn(folder)) {
    if (TEMPORARY.test(path) || GROWING.test(path) || /(^|\/)\./.test(path)) continue;
    await readWhole(`${folder}/${path}`).catch((error) => broken.push(`${path}: ${error.message}`));
  }
  return broken;
}

async function readWhole(path: string): Promise<void> {
  if (path.endsWith(".json")) JSON.parse(await Deno.readTextFile(path));
  else if (path.endsWith(".jsonl")) await readLines(path);
  else if (path.endsWith(".safetensors")) {
    const file = await openSafetensors(path);
    for (const name of file.names) await file.read(name);
  } else if (/\.(png|jpg)$/.test(path)) {
    await decodePicture(await Deno.readFile(path), path);
  } else {
    const end = path.endsWith(".html") ? /<\/html>\s*$/ : /\n$/;
    if (!end.test(await Deno.readTextFile(path))) throw new Error("expected another end");
  }
}

async function readLines(path: string): Promise<void> {
  const lines = (await Deno.readTextFile(path)).split("\n");
  if (lines.pop() !== "") throw new Error("expected a line end after its last line");
  for (const line of lines) JSON.parse(line);
}
