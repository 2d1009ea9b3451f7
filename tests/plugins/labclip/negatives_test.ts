import { expect } from "expect";
import { createRandom } from "../../../core/random.ts";
import { labclipNegatives } from "../../../plugins/labclip/negatives.ts";

const of = async (caption: string, seed: number) =>
  (await labclipNegatives().generate(caption, createRandom(seed)))[0];

Deno.test("labclipNegatives: nouns among nouns and adjectives among adjectives, nothing else", async () => {
  const found = new Set<string | null | undefined>();
  for (let seed = 0; seed < 200; seed++) {
    found.add(await of("A red cube, behind a blue ball near a chair.", seed));
  }
  // Three nouns and two adjectives have 3! · 2! orders, of which the first is the caption's own.
  const nouns = ["cube ball chair", "cube chair ball", "ball cube chair", "ball chair cube"]
    .concat("chair cube ball", "chair ball cube").map((words) => words.split(" "));
  const all = nouns.flatMap(([a, b, c]) =>
    [["red", "blue"], ["blue", "red"]]
      .map(([d, e]) => `A ${d} ${a}, behind a ${e} ${b} near a ${c}.`)
  );
  expect([...found].toSorted()).toEqual(all.filter((_, i) => i > 0).toSorted());
});

Deno.test("labclipNegatives: a capital that begins the caption stays where it is", async () => {
  expect(await of("Cats chase dogs.", 0)).toBe("Dogs chase cats.");
});

Deno.test("labclipNegatives: none where nothing can change places", async () => {
  expect(await of("A dog sleeps.", 0)).toBe(null);
  expect(await of("A dog beside a Dog.", 0)).toBe(null);
  expect(await of("", 0)).toBe(null);
});
