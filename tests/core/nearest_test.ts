import { nearest } from "../../core/nearest.ts";
import { expect } from "expect";

Deno.test("nearest: the candidate with the fewest edits, the first of several", () => {
  // optimiser to optimizer is one substitution, to optimist more.
  expect(nearest("optimiser", ["optimist", "optimizer"])).toBe("optimizer");
  // lr is one edit from both.
  expect(nearest("lr", ["lx", "lz"])).toBe("lx");
});

Deno.test("nearest: short words may differ by two edits, long ones by a third", () => {
  expect(nearest("abc", ["axy"])).toBe("axy");
  expect(nearest("abc", ["xyz"])).toBe(undefined);
  // kitten to sitting is the textbook's distance of 3; a third of 7 is 2.
  expect(nearest("kitten", ["sitting"])).toBe(undefined);
  // 9 letters allow 3 substitutions, not 4.
  expect(nearest("abcdefghi", ["xyzdefghi"])).toBe("xyzdefghi");
  expect(nearest("abcdefghi", ["wxyzefghi"])).toBe(undefined);
});

Deno.test("nearest: insertions and deletions count one each", () => {
  expect(nearest("batch", ["batches"])).toBe("batches");
  expect(nearest("batches", ["batch"])).toBe("batch");
});

Deno.test("nearest: case does not count, and the candidate comes back as it is written", () => {
  expect(nearest("ADAMW", ["AdamW"])).toBe("AdamW");
});

Deno.test("nearest: without candidates there is none", () => {
  expect(nearest("word", [])).toBe(undefined);
});
