import { packageFile } from "../../../core/host/assets/package_file.ts";
import { bundleModule } from "./bundle.ts";
import { markupFile, scriptFile, type SiteFile, siteFile } from "./site_file.ts";

/** What the scripts import and is served beside them, as it is. */
const ORT = "ort.webgpu.bundle.min.mjs";
/** By the name that {@linkcode ORT} asks for beside itself. */
const WASM = "ort-wasm-simd-threaded.asyncify.wasm";

/**
 * All files of the page by their names; `index.html` first. Scripts are bundled now.
 *
 * @throws {Error} if a script cannot be bundled.
 */
export async function pageFiles(): Promise<ReadonlyMap<string, SiteFile>> {
  const here = import.meta.url;
  const runtime = "onnxruntime-web/webgpu";
  const script = async (source: string) =>
    scriptFile(await bundleModule(new URL(source, here).href, { [runtime]: `./${ORT}` }));
  const library = new URL("./", import.meta.resolve(runtime));
  const weights = await packageFile("../../scenes/tiny_clip.safetensors", here);
  const [markup, ui, worker] = await Promise.all([
    markupFile("./page/index.html", ["../report/page.css", "./page/style.css"], here),
    script("./page/ui.js"),
    script("./page/worker.ts"),
  ]);
  return new Map([
    ["index.html", markup],
    ["ui.js", ui],
    ["worker.js", worker],
    [
      "tiny_clip.safetensors",
      siteFile("application/octet-stream", await Deno.readFile(weights)),
    ],
    [ORT, scriptFile(await Deno.readFile(new URL(ORT, library)))],
    [WASM, siteFile("application/wasm", await Deno.readFile(new URL(WASM, library)))],
  ]);
}
