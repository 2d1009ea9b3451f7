import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import { imageWithLookup, textWithLookup } from "../../../core/towers/with_lookup.ts";
import type { LookupChange } from "../../../core/towers/with_lookup.ts";
import type { TextTower } from "../../../core/model.ts";

const tensor = constant([1], [1]);
const change: LookupChange = (parameter) => (name) => parameter(`a.${name}`);

Deno.test("textWithLookup, imageWithLookup: every way through a tower has the other lookup", () => {
  const asked: string[] = [];
  const parameter = (name: string) => (asked.push(name), tensor);
  const text: TextTower = {
    contextLength: 4,
    vocabulary: 2,
    encode: (_, __, lookup) => lookup("encode"),
    encodeWith: (_, __, lookup) => ({ embedding: lookup("encodeWith") }),
  };
  const { encode } = text;
  const whole: TextTower = {
    ...text,
    prefixes: { of: encode, encode: (_, lookup) => ({ embedding: lookup("packs") }) },
  };
  const changed = textWithLookup(whole, change);
  changed.encode(tensor, tensor, parameter);
  changed.encodeWith!(tensor, tensor, parameter, []);
  const packs = { ids: tensor, places: tensor, exits: tensor, ends: tensor };
  changed.prefixes!.encode(packs, parameter, []);
  const image = imageWithLookup({ size: 1, encode: (_, lookup) => lookup("image") }, change);
  image.encode(tensor, parameter);
  expect(asked).toEqual(["a.encode", "a.encodeWith", "a.packs", "a.image"]);
  expect(changed.prefixes!.of).toBe(changed.encode);
  // Packs that belong to another encode are no use.
  expect(textWithLookup({ ...whole, encode: () => tensor }, change).prefixes).toBeUndefined();
  expect(image.encodeWith).toBeUndefined();
});
