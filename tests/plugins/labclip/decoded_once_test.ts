import { expect } from "expect";
import { decodedOnce } from "../../../plugins/labclip/decoded_once.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";

Deno.test("decodedOnce: examples of a picture share it until it is forgotten", async () => {
  const colors = [[255, 0, 0], [255, 0, 0], [0, 0, 255]] as const;
  const pixels = memoryDataSet(colors.map((color) => ({
    captions: ["a lamp"],
    picture: { width: 4, height: 2, color },
  })));
  const asked: number[] = [];
  const { data, forget } = decodedOnce({
    ...pixels,
    pictureOf: (index) => index === 1 ? 0 : index,
    pixels: (index, operation) => {
      asked.push(index);
      return pixels.pixels(index, operation);
    },
  });
  const whole = await data.pixels(0);
  expect(await data.pixels(1)).toBe(whole);
  expect([...(await data.pixels(2)).data.subarray(0, 3)]).toEqual([0, 0, 255]);
  // Another square of it is another picture.
  const square = await data.pixels(1, { kind: "square", size: 2 });
  expect([square.width, square.height]).toEqual([2, 2]);
  expect(asked).toEqual([0, 2, 0]);
  forget();
  expect(await data.pixels(1)).toEqual(whole);
  expect(asked).toEqual([0, 2, 0, 0]);
  expect([data.length, data.record(2).id, await data.size(0)])
    .toEqual([3, "example 2", { width: 4, height: 2 }]);
  expect(await data.fingerprint()).toBe(await pixels.fingerprint());
  // Without shared pictures every example has its own.
  expect(decodedOnce(pixels).data.pictureOf!(1)).toBe(1);
});
