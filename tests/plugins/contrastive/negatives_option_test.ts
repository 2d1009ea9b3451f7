import { expect } from "expect";
import { shuffleBigrams } from "../../../plugins/fsc_clip/shuffle_bigrams.ts";
import { negativesOption } from "../../../plugins/contrastive/negatives_option.ts";

Deno.test("negativesOption: a generator of negatives and nothing else", () => {
  const generator = shuffleBigrams();
  expect(negativesOption.parse(generator)).toBe(generator);
  for (const other of ["shuffleBigrams", { slots: 1 }, null]) {
    expect(negativesOption.safeParse(other).error?.issues[0]?.message)
      .toBe("expected a generator of negatives");
  }
});
