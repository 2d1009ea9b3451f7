import { expect } from "expect";
import { modulesIn, readModule } from "../helpers/import_graph.ts";
import { allWell, checkOutsidePackage } from "../helpers/outside_package.ts";

Deno.test("examples/triplet: a package of its own is checked, tested and can be published", async () => {
  const outcomes = await checkOutsidePackage(
    new URL("../../examples/triplet", import.meta.url).pathname,
  );
  expect(outcomes).toEqual(allWell(outcomes));
});

Deno.test("examples/triplet: has at most 150 lines, comments, tests and deno.json among them", () => {
  const files = [...modulesIn("examples/triplet"), "examples/triplet/deno.json"];
  // As `wc -l` counts.
  const lines = files.map((path) => readModule(path).split("\n").length - 1);
  expect(lines).toHaveLength(6);
  const total = lines.reduce((sum, each) => sum + each);
  expect(total).toBeGreaterThan(100);
  expect(total).toBeLessThanOrEqual(150);
});
