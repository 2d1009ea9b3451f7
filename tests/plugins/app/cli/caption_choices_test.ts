import { expect } from "expect";
import { captionChoices } from "../../../../plugins/app/cli/caption_choices.ts";

Deno.test("captionChoices: columns by number or name, and what is not said is recognised", () => {
  expect(captionChoices({}))
    .toEqual({ columns: { image: null, captions: null }, delimiter: "auto" });
  expect(captionChoices({ imageColumn: "0", captionColumns: ["1", "title"], delimiter: ";" }))
    .toEqual({ columns: { image: 0, captions: [1, "title"] }, delimiter: ";" });
});
