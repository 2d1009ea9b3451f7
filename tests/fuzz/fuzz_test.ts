import { expect } from "expect";
import { createRandom } from "../../core/random.ts";
import { cases } from "./cases.ts";
import { cases as faulty } from "./faulty_cases.ts";
import { bytesOf } from "./fuzz_case.ts";
import { judge } from "./judge.ts";
import { LARGEST, LONGEST } from "./limits.ts";
import { mutate } from "./mutate.ts";
import { isSound, watch, type WatchedInput } from "./watch.ts";

const moduleOf = (name: string) => new URL(name, import.meta.url).href;

Deno.test("watch: a reader that hangs, takes memory, ends the process or speaks of itself is seen", async () => {
  const results = await Array.fromAsync(watch({
    module: moduleOf("./faulty_cases.ts"),
    names: faulty.map(({ name }) => name),
    seed: 1,
    inputs: 2,
    longest: 500,
    largest: 400 * 2 ** 20,
  }));
  // Both inputs of each case, in order: whatever one does, the next is read.
  const kinds = ["read", "hang", "faults", "memory", "crash", "unclear", "refused"];
  expect(results.map(({ name, input, outcome }) => [name, input, outcome.kind])).toEqual(
    faulty.flatMap(({ name }, i) => [[name, 0, kinds[i]], [name, 1, kinds[i]]]),
  );
});

Deno.test("watch: every reader reads spoiled files, counts their faults or refuses them", async () => {
  const results: WatchedInput[] = [];
  const names = cases.map(({ name }) => name);
  const options = { seed: 1, inputs: 3, longest: LONGEST, largest: LARGEST };
  for await (const result of watch({ ...options, module: moduleOf("./cases.ts"), names })) {
    results.push(result);
  }
  expect(results.length).toBe(3 * cases.length);
  expect(results.filter((result) => !isSound(result))).toEqual([]);
  // Not all of them can be harmless.
  expect(results.filter(({ outcome }) => outcome.kind === "refused").length)
    .toBeGreaterThan(cases.length);
});

Deno.test("FuzzCase: every reader reads what its files are before they are spoiled", async () => {
  for (const { name, file, valid, beside, read } of cases) {
    const folder = await Deno.makeTempDir();
    try {
      for (const bytes of await valid()) {
        const files = { ...await beside?.(), [file]: bytes };
        for (const [path, content] of Object.entries(files)) {
          await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
          const data = typeof content === "string" ? bytesOf(content) : content;
          await Deno.writeFile(`${folder}/${path}`, data);
        }
        await read(`${folder}/${file}`).catch((error) => {
          throw new Error(`${name}: ${error.message}`);
        });
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
});

Deno.test("mutate: equal keys give equal inputs, others give others", () => {
  const valid = [bytesOf(JSON.stringify({ a: [1, 2, { b: "text" }], c: null }, null, 1))];
  for (const form of ["bytes", "text", "json"] as const) {
    const inputs = Array.from({ length: 200 }, (_, i) => {
      const [first, again] = [0, 0].map(() => mutate(valid, { form }, createRandom(7, form, i)));
      expect(again).toEqual(first);
      return first!.toHex();
    });
    expect(new Set(inputs).size).toBeGreaterThan(100);
    expect(inputs.filter((each) => each === valid[0]!.toHex()).length).toBeLessThan(20);
  }
});

Deno.test("judge: an error names the file, in words about the file, that a person reads", () => {
  const names = ["a.csv"];
  const kind = (error: unknown) => judge(error, names).kind;
  expect(kind(new SyntaxError("/x/a.csv, row 3: expected a number, found b"))).toBe("refused");
  const unclear = [
    new SyntaxError("expected a number, found b"),
    new TypeError("a.csv: Cannot read properties of undefined (reading 'map')"),
    new RangeError("a.csv: Invalid typed array length: -64"),
    new RangeError("a.csv: Array buffer allocation failed"),
    new SyntaxError("a.csv: expected text, received undefined"),
    new SyntaxError(`a.csv: ${"x".repeat(5000)}`),
    "a.csv",
  ];
  for (const error of unclear) expect(kind(error)).toBe("unclear");
});
