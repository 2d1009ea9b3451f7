import { expect } from "expect";
import { entryPoints, PUBLIC_NAMES, publicChanges, publicNames } from "../helpers/public_names.ts";

Deno.test("house: the public names are those that were agreed on", async () => {
  const agreed = (await Deno.readTextFile(PUBLIC_NAMES)).trimEnd().split("\n");
  const changes = publicChanges(agreed, publicNames(entryPoints()));
  if (changes.length === 0) return;
  throw new Error(
    `the public names are not those of ${PUBLIC_NAMES.pathname.split("/").slice(-3).join("/")}:\n` +
      `${changes.join("\n")}\n` +
      "Where that is meant: deno run -A --lock=deno.lock tests/helpers/public_names.ts",
  );
});

/** The public names of a package of these files, whose entry is `x.ts`. */
function namesOf(source: string, others: Readonly<Record<string, string>> = {}): string[] {
  const files: Readonly<Record<string, string>> = { "x.ts": source, ...others };
  return publicNames({ ".": "./x.ts" }, (path) => files[path]!);
}

Deno.test("publicNames: knows every form of export and what it declares", () => {
  const source = `
    import type { Size as Room } from "./y/y.ts";
    import { z } from "./y/y.ts";
    export { a, type B as C } from "./y/y.ts";
    export type { Room };
    export { k as l };
    /** Doc. */
    export interface D<T> extends B {
      /** More. */
      readonly e?: T | "f";
      g(x: number): void;
      (x: 1): 2;
    }
    export type E = { readonly x: 1;
      readonly y: 2 };
    export const f: (x: number) => number = (x) => x + 1, g = 2;
    export function h(options: { readonly i?: D<1> } = {}, j = 1): void {}
    export class I extends Error {
      #x = 1;
      private y = 2;
      override name = "I";
      constructor(readonly z: number) {
        super();
      }
    }
    const j = z, k = 1;
    export default function (): void {}
  `;
  const y = `
    export const a = 1;
    export const z = 2;
    export interface B {}
    export interface Size { width: number }
  `;
  expect(namesOf(source, { "y/y.ts": y })).toEqual([
    ". C: interface B",
    ". D: interface D<T> extends B",
    ". D.(): (x: 1): 2",
    '. D.e: readonly e?: T | "f"',
    ". D.g: g(x: number): void",
    ". E: type E = { readonly x: 1; readonly y: 2; }",
    ". I: class I extends Error",
    ". I.(): constructor(z: number)",
    ". I.name: name: string",
    ". I.z: readonly z: number",
    ". Room: interface Size",
    ". Room.width: width: number",
    ". a: const a = 1",
    ". default: default function (): void",
    ". f: const f: (x: number) => number",
    ". g: const g = 2",
    ". h: function h(options?: { readonly i?: D<1>; }, j?: number): void",
    ". l: const k = 1",
  ]);
});

Deno.test("publicNames: refuses what it cannot see", () => {
  expect(() => namesOf('export * from "./y.ts";', { "y.ts": "" })).toThrow("one by one");
  expect(() => namesOf('export { a } from "./y.ts";', { "y.ts": "const a = 1;" }))
    .toThrow("x.ts: a is declared nowhere");
});

Deno.test("publicChanges: tells what came, went and changed", () => {
  const before = namesOf("export interface A { readonly b?: 1; c: 2 } export const d: 3 = 3;");
  const after = namesOf("export interface A { readonly b: 1; c: 2; e: 4 }");
  expect(publicChanges(before, before)).toEqual([]);
  expect(publicChanges(before, after)).toEqual([
    "changed: . A.b: readonly b?: 1\n     now: . A.b: readonly b: 1",
    "came: . A.e: e: 4",
    "went: . d: const d: 3",
  ]);
  // The order of a function's overloads is a part of it, that of its members is not.
  const one = "export function f(x: 1): 1;\nexport function f(x: 2): 2;";
  const other = "export function f(x: 2): 2;\nexport function f(x: 1): 1;";
  const body = "\nexport function f(x: 1 | 2): 1 | 2 { return x; }";
  expect(publicChanges(namesOf(one + body), namesOf(other + body))).toHaveLength(1);
});
