import { expect } from "expect";
import { createRandom } from "../../../core/random.ts";
import { deglaNegatives } from "../../../plugins/degla/negatives.ts";

Deno.test("deglaNegatives: as many as asked for of five kinds, each once, gaps at the end", async () => {
  const caption = "A small dog on a sofa watches a cat";
  const words = (text: string) => text.split(" ");
  const kinds = new Set<string>();
  for (let seed = 0; seed < 8; seed++) {
    const made = await deglaNegatives({ count: 3 }).generate(caption, createRandom(seed));
    expect(made.length).toBe(3);
    expect(new Set(made).size).toBe(3);
    for (const negative of made) {
      const [before, after] = [words(caption), words(negative!)];
      const changed = before.filter((word, i) => word !== after[i] && !/^an?$/i.test(word));
      kinds.add(changed.join());
    }
  }
  // A swap, an adjective, nouns, a verb, a preposition.
  for (const kind of ["dog,sofa", "small", "watches", "on"]) expect(kinds).toContain(kind);
  expect(["dog", "sofa", "cat"].some((noun) => kinds.has(noun))).toBe(true);
  expect(await deglaNegatives().generate("Hello!", createRandom(1)))
    .toEqual([null, null, null, null]);
});
