import { expect } from "expect";
import {
  countRepeats,
  describeRepeats,
  identityOf,
} from "../../../../core/training/loop/identity.ts";
import type { TextGroup } from "../../../../core/training/loop/text_group.ts";

const group = (
  name: string,
  count: number,
  texts: readonly (readonly number[] | null)[],
): TextGroup => ({
  name,
  count,
  tokens: texts.map((text) => text ?? [1, 2]),
  present: Float32Array.from(texts, (text) => text === null ? 0 : 1),
});

const pictures = ["a", "b", "a", "c"];
const captions = group("caption", 1, [[1, 5, 2], [1, 6, 2], [1, 7, 2], [1, 6, 2]]);
// Row 1's first negative is row 0's caption; both of row 0's are the same; rows 2 and 3 lack some.
const negatives = group("negative", 2, [[8], [8], [1, 5, 2], [9], null, [10], null, [10]]);

Deno.test("identityOf: equal numbers for what is equal, across groups, and for nothing else", () => {
  const { picture, text } = identityOf(pictures, [captions, negatives]);
  expect([...picture]).toEqual([0, 1, 0, 2]);
  expect([...text.caption!]).toEqual([0, 1, 2, 1]);
  // Token ids [1, 2] stand where there is no text: such places are not the same text.
  expect([...text.negative!]).toEqual([3, 3, 0, 4, -1, 5, -2, 5]);
});

Deno.test("countRepeats: rows that share something with another row, not with themselves", () => {
  const repeats = countRepeats(identityOf(pictures, [captions, negatives]));
  // Pictures: rows 0 and 2. Captions: 1 and 3. Negatives: 2 and 3 by the text 10; row 0 has its own
  // twice, which is no other row's.
  expect(repeats).toEqual({ rows: 4, counts: { picture: 2, caption: 2, negative: 2 } });
  expect(describeRepeats(repeats)).toBe(
    "of 4 rows 2 share a picture, 2 share a caption, 2 share a negative with another row, and are its " +
      "negatives unless the loss leaves them out",
  );
});

Deno.test("describeRepeats: says nothing where all rows differ, and that one row is alone", () => {
  expect(describeRepeats({ rows: 2, counts: { picture: 0, caption: 0 } })).toBeUndefined();
  expect(describeRepeats({ rows: 1, counts: { picture: 0 } })).toContain("a single row");
});
