import { expect } from "expect";
import fc from "fast-check";
import { createRandom } from "../../../core/random.ts";
import { drawFoil, FOIL_CATEGORIES } from "../../../plugins/scenes/foils.ts";
import { drawPairFoil, PAIR_SWAPS } from "../../../plugins/scenes/pairs_benchmark.ts";
import { drawScene, type Scene } from "../../../plugins/scenes/scene.ts";
import { drawSentences, sentences, type Telling } from "../../../plugins/scenes/sentences.ts";
import { holds, isFalse, type Statement } from "../../../plugins/scenes/statement.ts";
import {
  drawPlainWording,
  drawWording,
  PLAIN_WORDING,
  say,
} from "../../../plugins/scenes/wording.ts";
import { wordTokenizer } from "../../../plugins/scenes/word_tokenizer.ts";
import { object } from "../../helpers/scene_fixture.ts";
import { isTrue } from "../../helpers/scenes_reader.ts";

const TELLINGS: readonly Telling[] = ["varied", "plain", "terse"];
const seeds = fc.integer();
const check = (property: fc.IProperty<[number]>) => fc.assert(property, { seed: 1, numRuns: 400 });

/** A large red circle, to the right of it a small striped blue box, and a star below the box. */
const scene: Scene = {
  orientation: "wider",
  background: "gray",
  light: [0, 0, 0, 0],
  objects: [
    object({ y: 0.25 }),
    object({ shape: "box", colour: "blue", size: "small", pattern: "striped", x: 0.75, y: 0.25 }),
    object({ shape: "star", colour: "green", x: 0.75, y: 0.75 }),
  ],
};

const pair = (relation: "left" | "right" | "above" | "below"): Statement => ({
  things: [{ shape: "circle" }, { shape: "box" }],
  links: [{ subject: 0, relation, object: 1 }],
});

Deno.test("holds: judges attributes, relations and ground", () => {
  expect(holds({ things: [{ shape: "circle", colour: "red" }], links: [] }, scene)).toBe(true);
  expect(holds({ things: [{ shape: "circle", colour: "blue" }], links: [] }, scene)).toBe(false);
  expect(holds(pair("left"), scene)).toBe(true);
  expect(holds(pair("right"), scene)).toBe(false);
  expect(holds(pair("above"), scene)).toBe(false);
  expect(holds({ ...pair("left"), background: "gray" }, scene)).toBe(true);
  expect(holds({ ...pair("left"), background: "black" }, scene)).toBe(false);
});

Deno.test("holds: two equal things are two objects", () => {
  const circles: Statement = { things: [{ shape: "circle" }, { shape: "circle" }], links: [] };
  expect(holds(circles, scene)).toBe(false);
  const two = { ...scene, objects: [...scene.objects, object({ x: 0.25, y: 0.75 })] };
  expect(holds(circles, two)).toBe(true);
});

Deno.test("isFalse: on a diagonal a relation is neither true nor false", () => {
  // The star is down and to the right of the circle, by as much.
  const diagonal: Statement = {
    things: [{ shape: "circle" }, { shape: "star" }],
    links: [{ subject: 0, relation: "left", object: 1 }],
  };
  expect(holds(diagonal, scene)).toBe(false);
  expect(isFalse(diagonal, scene)).toBe(false);
  const opposite = { ...diagonal, links: [{ ...diagonal.links[0]!, relation: "right" as const }] };
  expect(isFalse(opposite, scene)).toBe(true);
  expect(isFalse(pair("above"), scene)).toBe(true);
});

Deno.test("say: wordings of one statement, written out", () => {
  const statement: Statement = {
    things: [
      { shape: "circle", colour: "red", size: "large", pattern: "striped" },
      { shape: "box" },
    ],
    links: [{ subject: 0, relation: "above", object: 1 }],
  };
  expect(say(statement, PLAIN_WORDING)).toBe("a large striped red circle is above a box");
  expect(say(statement, { ...PLAIN_WORDING, mirrored: true })).toBe(
    "a box is below a large striped red circle",
  );
  expect(say(statement, { ...PLAIN_WORDING, order: "fronted", patternLast: true })).toBe(
    "above a box there is a large red striped circle",
  );
  expect(say(statement, { ...PLAIN_WORDING, order: "phrase", lead: 1 })).toBe(
    "there is a large striped red circle above a box",
  );
  const list: Statement = {
    things: [{ shape: "star" }, { shape: "box" }, { shape: "ring" }],
    links: [],
    background: "black",
  };
  expect(say(list, PLAIN_WORDING)).toBe("a star, a box and a ring on a black background");
});

Deno.test("sentences: the statement behind each sentence clearly holds", () => {
  check(fc.property(seeds, (seed) => {
    const random = createRandom(seed);
    const drawn = drawScene(random);
    for (const telling of TELLINGS) {
      for (const { statement } of drawSentences(drawn, random, 8, telling)) {
        expect(holds(statement, drawn)).toBe(true);
        expect(isFalse(statement, drawn)).toBe(false);
      }
    }
  }));
});

Deno.test("sentences: an independent reader finds each of them true", () => {
  check(fc.property(seeds, (seed) => {
    const random = createRandom(seed);
    const drawn = drawScene(random);
    const untrue = sentences(drawn, random, 12).filter((sentence) => !isTrue(sentence, drawn));
    expect(untrue).toEqual([]);
  }));
});

Deno.test("sentences: are different, of 4 to 25 words, lower-case, without a full stop", () => {
  check(fc.property(seeds, (seed) => {
    const random = createRandom(seed);
    for (const telling of TELLINGS) {
      const texts = sentences(drawScene(random), random, 16, telling);
      expect(new Set(texts).size).toBe(16);
      for (const text of texts) {
        expect(text).toMatch(/^[a-z]+(,? [a-z]+){3,24}$/);
        expect(text).not.toMatch(/\ba [aeiou]/);
      }
    }
  }));
});

Deno.test("sentences: the main caption tells of every object with its colour", () => {
  check(fc.property(seeds, (seed) => {
    const random = createRandom(seed);
    const drawn = drawScene(random);
    const [main] = drawSentences(drawn, random, 1);
    const told = main!.statement.things.map(({ shape, colour }) => `${colour} ${shape}`);
    const there = drawn.objects.map(({ shape, colour }) => `${colour} ${shape}`);
    expect(told.sort()).toEqual(there.sort());
    expect(main!.statement.links.length).toBe(drawn.objects.length === 1 ? 0 : 1);
  }));
});

Deno.test("sentences: refuses a count that it cannot keep", () => {
  expect(() => sentences(scene, createRandom(1), 0)).toThrow(RangeError);
  expect(() => sentences(scene, createRandom(1), 17)).toThrow(RangeError);
});

for (const category of FOIL_CATEGORIES) {
  Deno.test(`drawFoil: ${category}: both captions are true, the negative is false`, () => {
    check(fc.property(seeds, (seed) => {
      const foil = drawFoil(category, createRandom(seed));
      expect(holds(foil.statement, foil.scene)).toBe(true);
      expect(isFalse(foil.negativeStatement, foil.scene)).toBe(true);
      expect(isTrue(foil.caption, foil.scene)).toBe(true);
      expect(isTrue(foil.caption2, foil.scene)).toBe(true);
      expect(isTrue(foil.negative, foil.scene)).toBe(false);
      expect(foil.caption2).not.toBe(foil.caption);
    }));
  });
}

const bag = (text: string) => text.replaceAll(",", "").split(" ").sort();

/** How often each word of `a` is missing from `b`. */
const missing = (a: string, b: string): string[] => {
  const left = bag(b);
  return bag(a).filter((word) => {
    const at = left.indexOf(word);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
};

for (const category of ["swap_att", "swap_obj"] as const) {
  Deno.test(`drawFoil: ${category}: the negative has the caption's words in another order`, () => {
    check(fc.property(seeds, (seed) => {
      const { caption, negative } = drawFoil(category, createRandom(seed));
      expect(negative).not.toBe(caption);
      expect(bag(negative)).toEqual(bag(caption));
    }));
  });
}

Deno.test("drawFoil: replace_att and replace_obj change one word", () => {
  check(fc.property(seeds, (seed) => {
    for (const category of ["replace_att", "replace_obj"] as const) {
      const { caption, negative } = drawFoil(category, createRandom(seed));
      expect(missing(caption, negative).length).toBe(1);
      expect(missing(negative, caption).length).toBe(1);
    }
  }));
});

Deno.test("drawFoil: replace_rel keeps every word but the relation's", () => {
  check(fc.property(seeds, (seed) => {
    const { caption, negative } = drawFoil("replace_rel", createRandom(seed));
    const relation = /^(to|on|the|left|right|of|above|below|over|under|higher|lower|than)$/;
    const changed = [...missing(caption, negative), ...missing(negative, caption)];
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.every((word) => relation.test(word))).toBe(true);
  }));
});

Deno.test("drawFoil: add_att adds one word and takes none away", () => {
  check(fc.property(seeds, (seed) => {
    const { caption, negative } = drawFoil("add_att", createRandom(seed));
    expect(missing(caption, negative)).toEqual([]);
    expect(missing(negative, caption).length).toBe(1);
  }));
});

Deno.test("wordTokenizer: knows every word that the world says", () => {
  const tokenizer = wordTokenizer();
  check(fc.property(seeds, (seed) => {
    const random = createRandom(seed);
    const drawn = drawScene(random);
    const [first, second] = sentences(drawn, random, 2);
    const ids = tokenizer.encode(`${first}. ${second}.`, 77);
    expect(ids).not.toContain(tokenizer.unknown);
  }));
});

Deno.test("wordTokenizer: numbers, cuts and ends as it says", () => {
  const tokenizer = wordTokenizer(["a", "red", "star", "."]);
  // Start 2; a 3, red 4, star 5, full stop 6; end 7.
  expect(tokenizer.encode("A red  star.", 10)).toEqual([2, 3, 4, 5, 6, 7]);
  expect(tokenizer.encode("a red star.", 4)).toEqual([2, 3, 4, 7]);
  expect(tokenizer.encode("a blue star!", 10)).toEqual([2, 3, 1, 5, 1, 7]);
  expect(tokenizer.encode("", 10)).toEqual([2, 7]);
  expect(tokenizer.padding).toBe(0);
  expect(() => wordTokenizer(["a", "a"])).toThrow(
    new RangeError('wordTokenizer: vocabulary: expected different words, found "a" twice'),
  );
});

Deno.test("drawPairFoil: both captions are true, the negative has their words and is false", () => {
  const words = (text: string) => text.split(/[ .,]+/).sort().join(" ");
  for (const swap of PAIR_SWAPS) {
    for (let seed = 0; seed < 200; seed++) {
      const { scenes: [first, second], caption, caption2, negative } = drawPairFoil(
        swap,
        createRandom("pair", seed),
      );
      const parts = (text: string) => text.slice(0, -1).split(". ");
      // Which sentence tells of which scene is not said: each is judged on both.
      const trueOfOne = (part: string) => isTrue(part, first) || isTrue(part, second);
      expect(parts(caption).every(trueOfOne)).toBe(true);
      expect(parts(caption2).every(trueOfOne)).toBe(true);
      expect(parts(negative).some(trueOfOne)).toBe(false);
      expect(words(negative)).toBe(words(caption));
      expect(first.orientation).toBe(second.orientation);
    }
  }
});

Deno.test("sentences: plain ones tell of every object with its colour, in the usual words", () => {
  check(fc.property(seeds, (seed) => {
    const random = createRandom("plain", seed);
    const scene = drawScene(random);
    for (const text of sentences(scene, random, 4, "plain")) {
      expect(isTrue(text, scene)).toBe(true);
      expect(text).not.toMatch(/picture|image|there is a [a-z]+ of|see|disc|hoop|rhombus|tiny|big/);
      for (const { colour, shape } of scene.objects) {
        expect(text).toMatch(new RegExp(`\\b${colour} ([a-z]+ )?${shape}\\b`));
      }
    }
  }));
});

Deno.test("drawPlainWording: is drawn as any wording is, and says it in the usual words", () => {
  for (let seed = 0; seed < 200; seed++) {
    const [random, other] = [createRandom(seed), createRandom(seed)];
    const { mirrored, order, patternLast, backgroundStyle } = drawWording(other);
    expect(drawPlainWording(random)).toEqual({
      ...PLAIN_WORDING,
      ...{ mirrored, order, patternLast, backgroundStyle },
    });
    expect(random.next()).toBe(other.next());
  }
});

Deno.test("sentences: terse ones tell of one object, or of all in key words without order", () => {
  // Of 2,000 captions of a scene of three objects 5 % are whole sentences; of these and of key
  // words, those of one object make up a half (deviation of the share: 0.011).
  const counts = { single: 0, keywords: 0, other: 0 };
  for (let seed = 0; seed < 2000; seed++) {
    const [{ statement, text }] = drawSentences(scene, createRandom("terse", seed), 1, "terse") as [
      ReturnType<typeof drawSentences>[number],
    ];
    if (/^[a-z]+(, [a-z]+)+$/.test(text)) {
      counts.keywords++;
      // Shapes, or another word for one, of all three.
      expect(statement.things.length).toBe(3);
      expect(text).toMatch(/\bstar\b/);
      expect(text).toMatch(/\b(circle|disc)\b/);
      expect(text).toMatch(/\b(box|block)\b/);
    } else if (statement.things.length === 1) counts.single++;
    else counts.other++;
  }
  expect(counts.other).toBeLessThan(120);
  expect(Math.abs(counts.single / 2000 - 0.47)).toBeLessThan(0.08);
  expect(Math.abs(counts.keywords / 2000 - 0.48)).toBeLessThan(0.08);
});
