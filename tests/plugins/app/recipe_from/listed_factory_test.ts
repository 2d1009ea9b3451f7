import { expect } from "expect";
import type { JsonObject } from "../../../../core/component.ts";
import { listedFactory } from "../../../../plugins/app/recipe_from/listed_factory.ts";
import type { Plugin } from "../../../../core/plugin.ts";
import plugin from "../../../fixtures/listing_plugin.ts";

const find = (name: string, options: JsonObject) => listedFactory(plugin, name, options);

Deno.test("listedFactory: a generator or model is that which is listed, with other options", async () => {
  const words = (await find("shuffled words", { most: 4 }))!;
  expect(words.make({})).toMatchObject({ name: "shuffled words", options: { most: 3 } });
  expect(words.make({ most: 4 })).toMatchObject({ options: { most: 4 } });
  const model = (await find("theirClip", { weights: "b", bold: true }))!;
  expect(model.listed!.expression("it")).toBe('(await it.models!.their!.source("their:b", {}))!');
});

Deno.test("listedFactory: of benchmarks of one name the one with the options", async () => {
  const images = { images: "a", annotations: "b", partial: false };
  const key = async (limit: number | null) =>
    /\["(.*)"\]/.exec((await find("whatsUp", { ...images, limit }))!.listed!.expression("it"))?.[1];
  expect(await key(1)).toBe("their-one");
  expect(await key(null)).toBe("their-all");
  // None has it; who makes it sees that it differs.
  expect(await key(7)).toBe("their-one");
  expect(await find("singleCaption", {})).toBeUndefined();
});

Deno.test("listedFactory: what a plugin's code throws is told with its place; a reference that a family refuses is none of it", async () => {
  const boom = () => Promise.reject(new Error("no file"));
  const broken: readonly [string, Partial<Plugin>][] = [
    ["data.mine", { data: { mine: { description: "", load: boom } } }],
    ["negatives.words", { negatives: { words: boom } }],
    ["negatives.none", { negatives: { none: () => Promise.resolve(null as never) } }],
    ["benchmarks", { benchmarks: boom }],
    ["models.theirs", { models: { theirs: { form: "", source: boom } } }],
  ];
  for (const [place, parts] of broken) {
    await expect(listedFactory({ name: "their", ...parts }, "mine", {}))
      .rejects.toThrow(`plugin their, ${place}: `);
  }
  const source = () => Promise.reject(new RangeError("expected theirs:<name>"));
  const models = { theirs: { form: "", source } };
  expect(await listedFactory({ name: "their", models }, "mine", {})).toBeUndefined();
});
