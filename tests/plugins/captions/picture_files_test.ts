import { expect } from "expect";
import { openContext } from "../../../core/host/open_context.ts";
import { pictureFiles } from "../../../plugins/captions/picture_files.ts";

Deno.test("pictureFiles: examples of one path have one picture, and what is no example is refused by its place", () => {
  using context = openContext();
  const files = (...examples: readonly { readonly id: string; readonly captions: string[] }[]) =>
    pictureFiles({ name: "mine", folder: "photos", images: context.images, examples });
  const [cat, dog] = ["cat.jpg", "dog.jpg"].map((id) => ({ id, captions: [id] }));
  const data = files(cat!, dog!, { id: "cat.jpg", captions: ["again"] });
  expect([0, 1, 2].map((i) => data.pictureOf!(i))).toEqual([0, 1, 0]);
  expect([0, 1, 2].map((i) => data.record(i).captions)).toEqual([["cat.jpg"], ["dog.jpg"], [
    "again",
  ]]);
  expect(() => files()).toThrow("mine: expected examples, found none");
  expect(() => files(cat!, { id: "b", captions: [] }))
    .toThrow("mine, example 1: expected a caption of b, found none");
  expect(() => files({ id: "", captions: ["b"] }))
    .toThrow("mine, example 0: expected the path of a picture, found none");
  expect(() => files({ id: "b", captions: [""] }))
    .toThrow("mine, example 0: expected captions of b, found a blank one");
});
