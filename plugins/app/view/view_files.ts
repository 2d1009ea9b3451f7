import { bundleModule } from "../web/bundle.ts";
import { markupFile, scriptFile, type SiteFile } from "../web/site_file.ts";

/**
 * The files of the page over a folder of runs by their names. Its script is bundled now.
 *
 * @throws {Error} if the script cannot be bundled.
 */
export async function viewFiles(): Promise<ReadonlyMap<string, SiteFile>> {
  const here = import.meta.url;
  const [markup, script] = await Promise.all([
    markupFile("./page/index.html", ["../report/page.css", "./page/style.css"], here),
    bundleModule(new URL("./page/view.js", here).href),
  ]);
  return new Map([["index.html", markup], ["view.js", scriptFile(script)]]);
}
