import { expect } from "expect";
import { modulesIn, readModule } from "../helpers/import_graph.ts";
import { allWell, checkOutsidePackage } from "../helpers/outside_package.ts";

Deno.test("examples/triplet: a package of its own is checked, tested and can be published", async () => {
  const outcomes = await checkOutsidePackage(
    new URL("../../examples/triplet", import.meta.url).pathname,
  );
  expect(outcomes).toEqual(allWell(outcomes));
});

Deno.test("examples/triplet: has at most 150 lines without comments, tests and imports among them", () => {
  const lines = [...modulesIn("examples/triplet")].flatMap((path) => readModule(path).split("\n"));
  const code = lines.filter((line) => !/^\s*($|\/\/|\/\*\*|\*)/.test(line));
  expect(code.length).toBeGreaterThan(100);
  expect(code.length).toBeLessThanOrEqual(150);
});
