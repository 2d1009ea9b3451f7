import { expect } from "expect";
import { checkTexts } from "../../../core/towers/check_texts.ts";

const limits = { context: 3, vocabulary: 10 };

Deno.test("checkTexts: takes what fits and refuses lengths and ids that do not, by the text", () => {
  checkTexts([[0], [9, 0, 9]], limits);
  for (
    const [text, fault] of [
      [[], "text 1: expected 1 to 3 tokens, which the model takes, found 0"],
      [[1, 2, 3, 4], "text 1: expected 1 to 3 tokens, which the model takes, found 4"],
      [[1, 10], "text 1: expected token ids from 0 to 9, which the model has, found 10"],
      [[-1], "found -1"],
      [[0.5], "found 0.5"],
      [[NaN], "found NaN"],
    ] as const
  ) {
    expect(() => checkTexts([[1], text], limits)).toThrow(fault);
    expect(() => checkTexts([[1], text], limits)).toThrow(RangeError);
  }
});
