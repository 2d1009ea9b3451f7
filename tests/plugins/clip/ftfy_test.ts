import { expect } from "expect";
import { fixText } from "../../../plugins/clip/ftfy/fix_text.ts";
import { unescapeHtml } from "../../../plugins/clip/ftfy/html_entities.ts";
import golden from "../../golden/ftfy.json" with { type: "json" };

Deno.test("fixText: what ftfy makes of sentences, mojibake of each encoding, entities and noise", () => {
  for (const [text, fixed] of golden.cases) expect([text, fixText(text!)]).toEqual([text, fixed]);
  expect(golden.cases.length).toBeGreaterThan(400);
});

Deno.test("unescapeHtml: what Python makes of entities, with and without semicolons", () => {
  for (const [text, , unescaped] of golden.cases) {
    expect([text, unescapeHtml(text!)]).toEqual([text, unescaped]);
  }
});

Deno.test("fixText: plain text and what is fixed already stays as it is", () => {
  for (const text of ["", "A man's dog, 12 years old (brown).", "naïve café à la carte", "写真"]) {
    expect(fixText(text)).toBe(text);
  }
});

Deno.test("fixText: a tag keeps entities as they are, from its line on", () => {
  expect(fixText("&eacute;\n<b>&eacute;\n&eacute;")).toBe("é\n<b>&eacute;\n&eacute;");
});
