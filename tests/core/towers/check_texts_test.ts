import { expect } from "expect";
import { checkTexts } from "../../../core/towers/check_texts.ts";

Deno.test("checkTexts: refuses ids that no row of the table has, and texts that do not fit", () => {
  const limits = { context: 4, vocabulary: 40 };
  expect(() => checkTexts([[1, 39], [1, 40, 39]], limits)).toThrow(
    new RangeError(
      "text 1: expected token ids from 0 to 39, which the model has, found 40; do tokenizer and " +
        "weights belong together?",
    ),
  );
  for (const id of [-1, 1.5, NaN]) expect(() => checkTexts([[id]], limits)).toThrow(`found ${id}`);
  // One token more would be written over the next text's first.
  expect(() => checkTexts([[1, 2, 3, 4, 5], [1]], limits)).toThrow(
    new RangeError("text 0: expected 1 to 4 tokens, which the model takes, found 5"),
  );
  expect(() => checkTexts([[]], limits)).toThrow("found 0");
});
