import { expect } from "expect";
import { clipTokenizer } from "../../../plugins/clip/tokenizer.ts";
import golden from "../../golden/tokenizer.json" with { type: "json" };
import references from "../../golden/tokenizer_references.json" with { type: "json" };

const tokenizer = await clipTokenizer("openai");

/** An end in the middle ends the text: the towers take what stands at the first one. */
const toFirstEnd = (ids: readonly number[]) => ids.slice(0, ids.indexOf(49407) + 1);

Deno.test("clipTokenizer: the ids of OpenAI's tokenizer", () => {
  for (const { text, ids } of golden.cases) {
    expect([text, tokenizer.encode(text, 10_000)]).toEqual([text, toFirstEnd(ids)]);
  }
  expect(golden.cases.length).toBeGreaterThan(600);
});

for (const reference of ["openai", "open_clip", "transformers"] as const) {
  Deno.test(`clipTokenizer: the ids of ${reference}'s, where the three differ, up to the first end`, async () => {
    const { encode } = await clipTokenizer(reference);
    for (const each of references.cases) {
      const ids = toFirstEnd(each[reference]);
      expect([each.text, encode(each.text, 10_000)]).toEqual([each.text, ids]);
    }
  });
}

Deno.test("clipTokenizer: words that are remembered keep their ids", () => {
  const { text, ids } = golden.cases[0]!;
  for (let time = 0; time < 2; time++) expect(tokenizer.encode(text, 77)).toEqual(ids);
});

Deno.test("clipTokenizer: a text that is too long keeps its first tokens and the end", () => {
  for (const { text, ids: all } of golden.cases) {
    const ids = toFirstEnd(all);
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

Deno.test("clipTokenizer: white space parts words, control characters do not", async () => {
  expect(tokenizer.encode("\ta\u2028\u00a0lamp\n", 77)).toEqual(tokenizer.encode("a lamp", 77));
  // ftfy takes U+001C and the byte order mark away; transformers keeps both as words.
  expect(tokenizer.encode("a la\x1cmp\ufeff", 77)).toEqual(tokenizer.encode("a lamp", 77));
  const { encode } = await clipTokenizer("transformers");
  expect(encode("a\x85\u00a0lamp", 77)).toEqual(encode("a lamp", 77));
  expect(encode("lamp \ufeff", 77)).not.toEqual(encode("lamp", 77));
});

Deno.test("clipTokenizer: padding is 0", () => {
  expect(tokenizer.padding).toBe(0);
});

Deno.test("clipTokenizer: no room for start and end is refused", () => {
  for (const length of [1, 0, 2.5, NaN]) {
    expect(() => tokenizer.encode("a", length)).toThrow(RangeError);
  }
});
