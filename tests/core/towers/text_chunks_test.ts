import { expect } from "expect";
import fc from "fast-check";
import { textChunks } from "../../../core/towers/text_chunks.ts";

const CONTEXT = 77;
const PADDING = 99;

Deno.test("textChunks: sorts by length and cuts each chunk at its longest text's bucket", () => {
  // Lengths 9, 3, 20, 3: sorted by length, then place: texts 1, 3 | 0, 2. Chunks of two: the longest
  // have 3 and 20 tokens, so buckets of 8 and 24.
  const texts = [9, 3, 20, 3].map((length, row) => new Array(length).fill(row));
  const chunks = textChunks(texts, {
    size: 2,
    padding: PADDING,
    context: CONTEXT,
    vocabulary: 100,
  });
  expect(chunks.map(({ rows, size, tokens }) => [rows, size, tokens])).toEqual([
    [[1, 3], 2, 8],
    [[0, 2], 2, 24],
  ]);
  expect([...chunks[0]!.ids]).toEqual(
    [1, 1, 1, 99, 99, 99, 99, 99, 3, 3, 3, 99, 99, 99, 99, 99].map(BigInt),
  );
  expect([...chunks[1]!.end]).toEqual([8n, 19n]);
});

Deno.test("textChunks: a bucket is never longer than the context", () => {
  const [chunk] = textChunks([new Array(75).fill(1)], {
    size: 4,
    padding: 0,
    context: CONTEXT,
    vocabulary: 2,
  });
  expect([chunk!.size, chunk!.tokens]).toEqual([1, CONTEXT]);
});

Deno.test("textChunks: every text is in one chunk, whole, and chunks follow by length", () => {
  const text = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: CONTEXT });
  fc.assert(fc.property(
    fc.array(text, { maxLength: 30 }),
    fc.integer({ min: 1, max: 12 }),
    (texts, asked) => {
      const chunks = textChunks(texts, {
        size: asked,
        padding: PADDING,
        context: CONTEXT,
        vocabulary: 100,
      });
      const size = Math.min(asked, texts.length);
      const rows = chunks.flatMap((chunk) => chunk.rows);
      expect(rows.toSorted((a, b) => a - b)).toEqual(texts.map((_, row) => row));
      const lengths = rows.map((row) => texts[row]!.length);
      expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
      for (const [place, chunk] of chunks.entries()) {
        // One program serves all chunks: only the last may have rows that fill it up.
        expect(chunk.size).toBe(size);
        if (place < chunks.length - 1) expect(chunk.rows.length).toBe(size);
        const longest = Math.max(...chunk.rows.map((row) => texts[row]!.length));
        expect(chunk.tokens).toBeGreaterThanOrEqual(longest);
        expect(chunk.tokens).toBeLessThan(longest + 8);
        for (let i = 0; i < size; i++) {
          const own = texts[chunk.rows[Math.min(i, chunk.rows.length - 1)]!]!;
          const padding = new Array(chunk.tokens - own.length).fill(PADDING);
          const found = chunk.ids.subarray(i * chunk.tokens, (i + 1) * chunk.tokens);
          expect(Array.from(found, Number)).toEqual([...own, ...padding]);
          expect(Number(chunk.end[i])).toBe(own.length - 1);
        }
      }
    },
  ));
});
