import { expect } from "expect";
import { CHOICE_KINDS, choiceItem } from "../../../plugins/scenes/choices.ts";
import type { SceneObject } from "../../../plugins/scenes/scene.ts";
import { isTrue } from "../../helpers/scenes_reader.ts";

const ITEMS = Array.from({ length: 60 }, (_, index) => index);

/** Whether what a text says of its one thing, at a place or not there, is so; by its words alone. */
const sees = (phrase: string, object: SceneObject, scene: Parameters<typeof isTrue>[1]) =>
  isTrue(phrase, { ...scene, objects: [object] });

Deno.test("choiceItem: counting is true of the picture's objects, one of three texts", () => {
  const counts = new Set<number>();
  for (const index of ITEMS) {
    const { scene, texts } = choiceItem("counting", 1, index);
    expect(texts).toHaveLength(3);
    const told = texts.map((text) =>
      ["one object", "two objects", "three objects"].findIndex((phrase) => text.endsWith(phrase))
    );
    expect(told[0]).toBe(scene.objects.length - 1);
    expect([...told].sort()).toEqual([0, 1, 2]);
    expect(texts.filter((text) => /there is (two|three)|there are one/.test(text))).toEqual([]);
    counts.add(told[0]!);
  }
  expect(counts.size).toBe(3);
});

Deno.test("choiceItem: negation's first text alone is true, and has the words of the second", () => {
  for (const index of ITEMS) {
    const { scene, texts } = choiceItem("negation", 2, index);
    const [own, turned, both] = texts as [string, string, string];
    const words = (text: string) => text.split(" ").sort().join(" ");
    expect(own).not.toBe(turned);
    expect(words(own)).toBe(words(turned));
    const [, lead, denial] = /^(.*) (and no|without a|but not a) /.exec(own)!;
    expect(lead).toBeDefined();
    const [here, absent] = own.split(` ${denial} `) as [string, string];
    expect(isTrue(here, scene)).toBe(true);
    expect(scene.objects.some((object) => sees(`there is a ${absent}`, object, scene))).toBe(false);
    expect(isTrue(both, scene)).toBe(false);
  }
});

Deno.test("choiceItem: position's first text alone tells the corner of an object", () => {
  for (const index of ITEMS) {
    const { scene, texts } = choiceItem("position", 3, index);
    expect(texts).toHaveLength(4);
    const truths = texts.map((text) => {
      const [, phrase, row, side] = /^(.*) at the (top|bottom) on the (left|right)$/.exec(text)!;
      return scene.objects.some((object) =>
        (object.y < 0.5 ? "top" : "bottom") === row &&
        (object.x < 0.5 ? "left" : "right") === side && sees(phrase!, object, scene)
      );
    });
    expect(truths).toEqual([true, false, false, false]);
  }
});

Deno.test("choiceItem: relation's first text alone is true, whichever of the four it is", () => {
  const found = new Set<string>();
  for (const index of ITEMS) {
    const { scene, texts, statements } = choiceItem("relation", 4, index);
    expect(texts.map((text) => isTrue(text, scene))).toEqual([true, false, false, false]);
    found.add(statements[0]!.links[0]!.relation);
  }
  expect([...found].sort()).toEqual(["above", "below", "left", "right"]);
});

Deno.test("choiceItem: depends on kind, seed and position alone", () => {
  for (const kind of CHOICE_KINDS) {
    expect(choiceItem(kind, 1, 7)).toEqual(choiceItem(kind, 1, 7));
    expect(choiceItem(kind, 1, 7).scene).not.toEqual(choiceItem(kind, 2, 7).scene);
  }
});
