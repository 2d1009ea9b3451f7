import { type Html, html } from "./html.ts";

/** A name that may break after its slashes and underscores, and nowhere else. */
export function breakable(name: string): Html {
  return html`${
    name.split(/(?<=[/_])/).map((part, index) => html`${index > 0 && html`<wbr>`}${part}`)
  }`;
}
