import { packageFile } from "../../../core/host/assets/package_file.ts";
import { Html, html, type HtmlValue } from "./html.ts";

/** A part of the report with a heading. */
export interface PageSection {
  /** Where links lead. */
  readonly id: string;
  /** The heading. */
  readonly title: string;
  /** What stands under it. */
  readonly body: Html;
}

/** The whole page. */
export interface Page {
  /** What it is a page of, in a few words. Default: the report of a run. */
  readonly kicker?: string;
  /** The name of what was run. */
  readonly title: string;
  /** What it is, in a line. */
  readonly description: HtmlValue;
  /** What stands before the first section. */
  readonly head: Html;
  /** Its sections. */
  readonly sections: readonly PageSection[];
  /** Its style. */
  readonly css: string;
}

/**
 * The page as a document that fetches nothing: style and script are in it, and its content security
 * policy allows that script alone, so no markup that came from data could run or load anything.
 */
export async function page(
  { kicker = "Report of a run", title, description, head, sections, css }: Page,
): Promise<string> {
  const scripts = ["./follow_address.js", "./client.js"]
    .map(async (name) => await Deno.readTextFile(await packageFile(name, import.meta.url)));
  const script = (await Promise.all(scripts)).join("\n");
  const policy = [
    "default-src 'none'",
    "img-src data:",
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${await digest(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`
    ${new Html("<!doctype html>")}
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${title} · Syntagma</title>
        <link rel="icon" href="data:,">
        <style>${new Html(css)}</style>
      </head>
      <body>
    <header>
    <p class="kicker">${kicker}</p>
    <h1>${title}</h1>
    <p class="description">${description}</p>
    ${head}
    <nav aria-label="Sections"><ul>${sections.map(({ id, title }) =>
      html`<li><a href="#${id}">${title}</a></li>`
    )}</ul></nav>
    </header>
    <main>
    ${sections.map(({ id, title, body }) =>
      html`
        <section id="${id}" aria-labelledby="${id}-title">
        <h2 id="${id}-title">${title}</h2>
        ${body}
        </section>
      `
    )}</main>
    ${sections.some(({ id }) => id === "items") && html`<script>${new Html(script)}</script>`}
      </body>
    </html>
  `.markup;
}

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(bytes).toBase64();
}

/** The style of pages, which stands beside this module. */
export async function pageStyle(): Promise<string> {
  return await Deno.readTextFile(await packageFile("./page.css", import.meta.url));
}
