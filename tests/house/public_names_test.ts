import { expect } from "expect";
import { exportedNames, PUBLIC_NAMES, publicNames } from "../helpers/public_names.ts";

Deno.test("house: the public names are those that were agreed on", async () => {
  const names = publicNames();
  // Where a change is meant, `deno run -A tests/helpers/public_names.ts` writes the file again.
  expect(names).toEqual(JSON.parse(await Deno.readTextFile(PUBLIC_NAMES)));
});

Deno.test("exportedNames: knows every form of export", () => {
  const source = `
    export { a, type B } from "./x.ts";
    export type { C } from "./x.ts";
    export interface D {}
    export type E = 1;
    export const f = 1, g = 2;
    export function h() {}
    export class I {}
    const j = 1;
    export default function () {}
  `;
  expect(exportedNames("x.ts", source))
    .toEqual(["I", "a", "default", "f", "g", "h", "type B", "type C", "type D", "type E"]);
});
