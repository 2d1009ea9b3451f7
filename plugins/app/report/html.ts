/** Markup that is ready: all text in it was escaped. */
export class Html {
  /** The markup. */
  readonly markup: string;

  /** @param markup Taken as it is; only for text that was escaped or comes from this plugin. */
  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What {@linkcode html} takes: text is escaped, `undefined` and `false` leave nothing. */
export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

/**
 * Markup from a template: every value but {@linkcode Html} is escaped, as text and as the value of a
 * quoted attribute alike.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(
    strings.reduce((markup, part, index) => markup + markupOf(values[index - 1]) + part),
  );
}

function markupOf(value: HtmlValue): string {
  if (value instanceof Html) return value.markup;
  if (value === undefined || value === false) return "";
  if (typeof value === "string" || typeof value === "number") return escapeText(String(value));
  return value.map(markupOf).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character]!);
}

/** JSON for a `<script type="application/json">`: no text in it can end the script or open a comment. */
export function jsonMarkup(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll("<", "\\u003c"));
}
