import { expect } from "expect";
import { MATCH_KINDS, matchItem } from "../../../plugins/scenes/matches.ts";
import { isTrue } from "../../helpers/scenes_reader.ts";

const ITEMS = Array.from({ length: 60 }, (_, index) => index);
const words = (text: string) => text.split(" ").sort().join(" ");

Deno.test("matchItem: each text is true of its own picture and false of the other", () => {
  for (const kind of ["match_att", "match_rel"] as const) {
    for (const index of ITEMS) {
      const { scenes, texts } = matchItem(kind, 1, index);
      const truths = texts.map((text) => scenes.map((scene) => isTrue(text, scene)));
      expect(truths).toEqual([[true, false], [false, true]]);
      expect(words(texts[0])).toBe(words(texts[1]));
    }
  }
});

Deno.test("matchItem: a place is that of its object in one picture, and not in the other", () => {
  for (const index of ITEMS) {
    const { scenes, texts } = matchItem("match_place", 1, index);
    const truths = texts.map((text) => {
      const [, phrase, place] = /^(.*) (?:at|on) the (top|bottom|left|right)$/.exec(text)!;
      return scenes.map((scene) =>
        scene.objects.some((object) =>
          isTrue(phrase!, { ...scene, objects: [object] }) &&
          {
            top: object.y < 0.5,
            bottom: object.y > 0.5,
            left: object.x < 0.5,
            right: object.x > 0.5,
          }[
            place as "top"
          ]
        )
      );
    });
    expect(truths).toEqual([[true, false], [false, true]]);
  }
});

Deno.test("matchItem: the pictures differ in what was exchanged, and in nothing else", () => {
  for (const kind of MATCH_KINDS) {
    for (const index of ITEMS) {
      const { scenes: [first, second] } = matchItem(kind, 2, index);
      const [a, b] = first.objects;
      const [c, d] = second.objects;
      expect({ ...second, objects: [] }).toEqual({ ...first, objects: [] });
      if (kind === "match_att") {
        expect([c, d]).toEqual([
          { ...a, colour: b!.colour, tint: b!.tint },
          { ...b, colour: a!.colour, tint: a!.tint },
        ]);
      } else {
        expect([c, d]).toEqual([{ ...a, x: b!.x, y: b!.y }, { ...b, x: a!.x, y: a!.y }]);
      }
    }
  }
});
