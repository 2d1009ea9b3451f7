import { expect } from "expect";
import { showBytes } from "../../core/show_bytes.ts";

Deno.test("showBytes: MiB below a GiB, GiB above", () => {
  expect([0, 3 * 2 ** 20, 2 ** 30 - 2 ** 20, 2 ** 30, 1.5 * 2 ** 30].map(showBytes))
    .toEqual(["0 MiB", "3 MiB", "1023 MiB", "1.0 GiB", "1.5 GiB"]);
});
