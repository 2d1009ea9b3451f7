import { expect } from "expect";
import { allWell, checkOutsidePackage } from "../helpers/outside_package.ts";

Deno.test("examples/triplet: a package of its own is checked, tested and can be published", async () => {
  const outcomes = await checkOutsidePackage(
    new URL("../../examples/triplet", import.meta.url).pathname,
  );
  expect(outcomes).toEqual(allWell(outcomes));
});
