/**
 * What the jobs work on.
 *
 * @module
 */
import { encode } from "fast-png";
import { createRandom } from "../../core/random.ts";
import { writeTinyCaptioner } from "../../tests/helpers/tiny_captioner.ts";

/** Pictures that are downloaded, and that get captions. */
const PICTURES = 60;
const ADDRESSES = 150;
const CAPTIONS = 240;

const COLOURS = ["red", "green", "blue"];
const SHAPES = ["circle", "square", "star"];

/** Writes small pictures of one colour each, tables of captions and addresses, and a captioner. */
export async function writeInputs(folder: string, server: string): Promise<void> {
  await Deno.mkdir(`${folder}/pictures`, { recursive: true });
  const rows: string[] = [];
  for (let i = 0; i < PICTURES; i++) {
    await Deno.writeFile(`${folder}/pictures/${i}.png`, picture(i));
    const other = (i + 1) % PICTURES;
    rows.push(`pictures/${i}.png,${captionOf(i)},${captionOf(other)}\n`);
  }
  await Deno.writeTextFile(`${folder}/captions.csv`, rows.join(""));
  const random = createRandom(0, "captions");
  const sentences = Array.from({ length: CAPTIONS }, (_, i) => {
    const [a, b] = random.sample(["dog", "cat", "man", "woman", "horse", "bird", "child"], 2);
    const [c, d] = [random.pick(COLOURS), random.pick(["house", "tree", "car", "table", "boat"])];
    return `${i}.jpg,a ${c} ${a} and a ${b} stand near ${i} ${d}s\n`;
  });
  await Deno.writeTextFile(`${folder}/sentences.csv`, sentences.join(""));
  const addresses = Array.from({ length: ADDRESSES }, (_, i) => `${server}/${i}.png\n`);
  await Deno.writeTextFile(`${folder}/addresses.csv`, `url\n${addresses.join("")}`);
  await writeTinyCaptioner(`${folder}/captioner`);
}

/** Serves the pictures, each after a while, and for every seventh address that there is none. */
export function servePictures(): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const number = Number(/\/(\d+)\.png$/.exec(request.url)?.[1]);
    await new Promise((done) => setTimeout(done, 20));
    if (number % 7 === 6) return new Response("no such picture", { status: 404 });
    return new Response(picture(number), { headers: { "content-type": "image/png" } });
  });
}

function captionOf(i: number): string {
  return `a ${COLOURS[i % 3]} ${SHAPES[Math.floor(i / 3) % 3]}`;
}

/** A picture of noise around one colour; no two are alike. */
function picture(number: number): Uint8Array<ArrayBuffer> {
  const random = createRandom(number, "picture");
  const data = Uint8Array.from({ length: 48 * 48 * 3 }, (_, i) => {
    return random.integer(40) + (i % 3 === number % 3 ? 200 : 0);
  });
  return new Uint8Array(encode({ width: 48, height: 48, data, channels: 3, depth: 8 }));
}
