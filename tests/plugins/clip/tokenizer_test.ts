import { expect } from "expect";
import { clipTokenizer } from "../../../plugins/clip/tokenizer.ts";
import golden from "../../golden/tokenizer.json" with { type: "json" };

const tokenizer = await clipTokenizer();

Deno.test("clipTokenizer: the ids of OpenAI's tokenizer", () => {
  for (const { text, ids } of golden.cases) {
    expect([text, tokenizer.encode(text, 10_000)]).toEqual([text, ids]);
  }
  expect(golden.cases.length).toBeGreaterThan(600);
});

Deno.test("clipTokenizer: words that are remembered keep their ids", () => {
  const { text, ids } = golden.cases[0]!;
  for (let time = 0; time < 2; time++) expect(tokenizer.encode(text, 77)).toEqual(ids);
});

Deno.test("clipTokenizer: a text that is too long keeps its first tokens and the end", () => {
  for (const { text, ids } of golden.cases) {
    for (const length of [2, 3, 8, 77]) {
      // OpenAI: tokens[:context_length], whose last becomes the end token.
      const cut = ids.length <= length ? ids : [...ids.slice(0, length - 1), 49407];
      expect(tokenizer.encode(text, length)).toEqual(cut);
    }
  }
});

Deno.test("clipTokenizer: an id cannot be changed for later texts", () => {
  const ids = tokenizer.encode("lamp", 77) as number[];
  expect(ids).toEqual([49406, 10725, 49407]);
  ids[1] = 0;
  expect(tokenizer.encode("lamp", 77)).toEqual([49406, 10725, 49407]);
});

Deno.test("clipTokenizer: white space is Python's", () => {
  // str.isspace() holds for U+001C to U+001F and U+0085, but not for the byte order mark, which is
  // three bytes of a word.
  expect(tokenizer.encode("\x1ca\x85\u00a0lamp\x1f", 77)).toEqual(tokenizer.encode("a lamp", 77));
  expect(tokenizer.encode("lamp \ufeff", 77)).not.toEqual(tokenizer.encode("lamp", 77));
});

Deno.test("clipTokenizer: padding is 0", () => {
  expect(tokenizer.padding).toBe(0);
});

Deno.test("clipTokenizer: no room for start and end is refused", () => {
  for (const length of [1, 0, 2.5, NaN]) {
    expect(() => tokenizer.encode("a", length)).toThrow(RangeError);
  }
});
