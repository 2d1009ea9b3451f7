import { expect } from "expect";
import { exchangeColours, exchangePlaces } from "../../../plugins/scenes/exchange.ts";
import type { Scene, SceneObject } from "../../../plugins/scenes/scene.ts";
import { object } from "../../helpers/scene_fixture.ts";

const circle = object({ y: 0.25, tint: [1, 0, 0] });
const box = object({ shape: "box", colour: "blue", size: "small", x: 0.75, y: 0.75 });
const star = object({ shape: "star", colour: "green", x: 0.75, y: 0.25 });
const scene = (objects: SceneObject[]): Scene => ({
  orientation: "wider",
  background: "gray",
  light: [0, 0, 0, 0],
  objects,
});

Deno.test("exchangePlaces: the first two objects change places, and nothing else", () => {
  const { objects, ...rest } = exchangePlaces(scene([circle, box, star]));
  expect(objects).toEqual([{ ...circle, x: 0.75, y: 0.75 }, { ...box, x: 0.25, y: 0.25 }, star]);
  expect({ ...rest, objects: [] }).toEqual(scene([]));
});

Deno.test("exchangeColours: the first two change over what they are painted in", () => {
  expect(exchangeColours(scene([circle, box, star])).objects).toEqual([
    { ...circle, colour: "blue", tint: [0, 0, 0] },
    { ...box, colour: "red", tint: [1, 0, 0] },
    star,
  ]);
  // Of two red ones the first gets the colour that follows red.
  const red = { ...box, colour: "red" as const };
  expect(exchangeColours(scene([circle, red])).objects).toEqual([
    { ...circle, colour: "green" },
    red,
  ]);
});

Deno.test("exchangePlaces, exchangeColours: refuse a scene of one object", () => {
  expect(() => exchangePlaces(scene([circle]))).toThrow("two objects, found 1");
  expect(() => exchangeColours(scene([circle]))).toThrow("two objects, found 1");
});
