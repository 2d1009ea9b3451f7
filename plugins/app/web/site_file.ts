import { packageFile } from "../../../core/host/assets/package_file.ts";

/** A file of a page. */
export interface SiteFile {
  /** Its media type. */
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A file of a media type. */
export function siteFile(type: string, content: string | Uint8Array<ArrayBuffer>): SiteFile {
  return { type, bytes: typeof content === "string" ? new TextEncoder().encode(content) : content };
}

/** A script. */
export function scriptFile(content: string | Uint8Array<ArrayBuffer>): SiteFile {
  return siteFile("text/javascript", content);
}

/**
 * A page's markup with its styles in place of the comment `style`: in the page itself, so that it is
 * painted before anything else is asked for.
 *
 * @param base The address of the module that the names are relative to.
 */
export async function markupFile(
  markup: string,
  styles: readonly string[],
  base: string,
): Promise<SiteFile> {
  const [html, ...css] = await Promise.all(
    [markup, ...styles].map(async (name) => await Deno.readTextFile(await packageFile(name, base))),
  );
  return siteFile("text/html; charset=utf-8", html!.replace("/* style */", () => css.join("\n")));
}
