import { packageFile } from "../../../core/host/assets/package_file.ts";
import { bundleModule } from "./bundle.ts";

/** A file of the page. */
export interface SiteFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const ORT = "ort.webgpu.bundle.min.mjs";
/** By the name that {@linkcode ORT} asks for beside itself. */
const WASM = "ort-wasm-simd-threaded.asyncify.wasm";

/**
 * All files of the page by their names; `index.html` first. Scripts are bundled now.
 *
 * @throws {Error} if a script cannot be bundled.
 */
export async function pageFiles(): Promise<ReadonlyMap<string, SiteFile>> {
  const beside = (name: string) => packageFile(name, import.meta.url);
  const read = async (name: string) => await Deno.readFile(await beside(name));
  const module = (name: string) => new URL(name, import.meta.url).href;
  const [markup, theme, style] = await Promise.all(
    ["./page/index.html", "../report/page.css", "./page/style.css"].map(read),
  );
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  // In the page itself, so that it is painted before anything else is asked for.
  const html = text(markup!).replace(
    "/* style */",
    () => `${text(theme!)}\n${text(style!)}`,
  );
  const scripts = Object.entries({ "ui.js": "./page/ui.js", "worker.js": "./page/worker.ts" })
    .map(async ([name, source]) =>
      [name, file("text/javascript", await bundleModule(module(source), `./${ORT}`))] as const
    );
  const library = new URL("./", import.meta.resolve("onnxruntime-web/webgpu"));
  return new Map([
    ["index.html", file("text/html; charset=utf-8", html)],
    ...await Promise.all(scripts),
    [
      "tiny_clip.safetensors",
      file("application/octet-stream", await read("../../scenes/tiny_clip.safetensors")),
    ],
    [ORT, file("text/javascript", await Deno.readFile(new URL(ORT, library)))],
    [WASM, file("application/wasm", await Deno.readFile(new URL(WASM, library)))],
  ]);
}

function file(type: string, content: string | Uint8Array<ArrayBuffer>): SiteFile {
  return { type, bytes: typeof content === "string" ? new TextEncoder().encode(content) : content };
}
