import { type Html, html } from "./html.ts";

/** A link that saves a file which the page holds itself, without a script. */
export function download(text: string, name: string, type: string, content: string): Html {
  const address = `data:${type};base64,${new TextEncoder().encode(content).toBase64()}`;
  return html`<a class="download" download="${name}" href="${address}">${text}</a>`;
}

/** A name that any disk takes. */
export function fileName(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join("-").replaceAll(/[^\w.-]+/g, "-");
}
