import { expect } from "expect";
import { createTextIndex } from "../../../../plugins/captions/rows/text_index.ts";

Deno.test("createTextIndex: finds each of many texts that are alike, and none that is not there", () => {
  const texts = Array.from({ length: 20_000 }, (_, i) => `pictures/${i}.jpg`);
  const index = createTextIndex((row) => texts[row]!);
  for (const [row, text] of texts.entries()) {
    expect(index.find(text)).toBe(undefined);
    index.add(text, row);
  }
  expect(texts.findIndex((text, row) => index.find(text) !== row)).toBe(-1);
  expect(index.find("pictures/20000.jpg")).toBe(undefined);
});
