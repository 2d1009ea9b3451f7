/**
 * Gives the captions of Karpathy's COCO file the pictures of a folder, in turn, where COCO's own are
 * not at hand: JSON lines, five captions a picture of the file. What is trained on them learns
 * nothing; texts, pictures, time and memory of a run are real.
 *
 *     deno run -A scripts/lend_photos.ts coco_karpathy_test.json <pictures> captions.jsonl
 */
import { resolve } from "node:path";

const [annotations, folder, out] = Deno.args;
if (annotations === undefined || folder === undefined || out === undefined) {
  console.error("usage: lend_photos.ts <karpathy.json> <folder of pictures> <out.jsonl>");
  Deno.exit(2);
}
const rows: readonly { readonly caption: readonly string[] }[] = JSON.parse(
  Deno.readTextFileSync(annotations),
);
const photos = [...Deno.readDirSync(folder)]
  .filter(({ name }) => /\.(jpe?g|png)$/i.test(name))
  .map(({ name }) => resolve(folder, name))
  .sort();
if (photos.length === 0) {
  console.error(`${folder}: expected pictures (.jpg, .jpeg, .png), found none`);
  Deno.exit(1);
}
const lines = rows
  .flatMap(({ caption }) => caption.slice(0, 5))
  .map((caption, i) => JSON.stringify({ image: photos[i % photos.length], caption }));
Deno.writeTextFileSync(out, `${lines.join("\n")}\n`);
console.log(`${out}: ${lines.length} captions, ${photos.length} pictures`);
