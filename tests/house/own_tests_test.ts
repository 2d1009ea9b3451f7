import { expect } from "expect";
import { dirname } from "node:path/posix";
import { filesWithoutTest } from "../helpers/files_without_test.ts";
import { modulesIn } from "../helpers/import_graph.ts";
import golden from "../golden/files_without_test.json" with { type: "json" };

Deno.test("house: a new file has a test that imports it", () => {
  // The golden file names those that are tested through others alone. It may only shrink: a file
  // that is missing there needs a test, one that has got a test is taken out.
  expect(filesWithoutTest()).toEqual(golden);
});

Deno.test("house: the folders of tests are those of the sources", () => {
  const folders = new Set(
    ["tests/core", "tests/plugins"].flatMap((folder) => [...modulesIn(folder)])
      .filter((path) => path.endsWith("_test.ts"))
      .map((path) => dirname(path).slice("tests/".length)),
  );
  const sources = new Set(
    ["core", "plugins"].flatMap((folder) => [...modulesIn(folder)]).map((path) => dirname(path)),
  );
  expect([...folders].filter((folder) => !sources.has(folder))).toEqual([]);
});
