import { expect } from "expect";
import { z } from "zod";
import type { Component, JsonObject } from "../../core/component.ts";
import { defineComponent } from "../../core/define_component.ts";
import { type Fault, SettingsError } from "../../core/settings_error.ts";

type Made = Component & { readonly values: JsonObject };

const schema = z.strictObject({
  lr: z.number().positive().default(1e-6),
  betas: z.tuple([z.number().max(1), z.number().max(1)]).default([0.9, 0.999]),
  schedule: z.enum(["cosine", "constant"]).default("cosine"),
  note: z.string().optional(),
});

const descent: (options?: unknown) => Made = defineComponent({
  name: "descent",
  schema,
  make: (values) => ({ values: values as JsonObject }),
});

function faultsOf(work: () => unknown): readonly Fault[] {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toBeInstanceOf(SettingsError);
    return (error as SettingsError).faults;
  }
  return [];
}

function linesOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  return [];
}

Deno.test("defineComponent: options with their defaults; undefined is not given", () => {
  const all = { lr: 1, betas: [0.9, 0.999], schedule: "cosine" };
  const made = descent({ lr: 1, schedule: undefined, note: undefined });
  expect(made.name).toBe("descent");
  expect(made.options).toEqual(all);
  expect(Object.keys(made.options)).not.toContain("note");
  expect(made.values).toEqual(all);
  expect(descent().options["lr"]).toBe(1e-6);
});

Deno.test("defineComponent: with changes options by name and by path, and leaves the component as it was", () => {
  const made = descent({ lr: 1 });
  expect(made.with({}).options).toEqual(made.options);
  expect(made.with({ schedule: "constant", note: "x" }).options)
    .toEqual({ lr: 1, betas: [0.9, 0.999], schedule: "constant", note: "x" });
  expect(made.with({ "betas.1": 0.98, "betas.0": 0.8 }).options["betas"]).toEqual([0.8, 0.98]);
  // A path changes what an earlier change has put there, and a later whole takes its place.
  expect(made.with({ betas: [0, 0], "betas.1": 1 }).options["betas"]).toEqual([0, 1]);
  expect(made.with({ "betas.1": 1, betas: [0, 0] }).options["betas"]).toEqual([0, 0]);
  expect(made.options["betas"]).toEqual([0.9, 0.999]);
  // As a manifest has them.
  expect(made.with(JSON.parse(JSON.stringify(made.options))).options).toEqual(made.options);
});

Deno.test("defineComponent: faults are data, all of them at once", () => {
  const options = { lr: -1, betas: [0.5, 3], schedule: "cosin", beta: 1, shedule: "x" };
  const faults = faultsOf(() => descent(options));
  expect(faults).toEqual([
    { path: ["lr"], code: "refused", expected: "a number above 0", found: -1 },
    { path: ["betas", 1], code: "refused", expected: "a number of at most 1", found: 3 },
    {
      path: ["schedule"],
      code: "refused",
      expected: 'one of "cosine", "constant"',
      found: "cosin",
      suggestion: "cosine",
    },
    {
      path: ["beta"],
      code: "unknown",
      expected: "one of lr, betas, schedule, note",
      found: 1,
      suggestion: "betas",
    },
    {
      path: ["shedule"],
      code: "unknown",
      expected: "one of lr, betas, schedule, note",
      found: "x",
      suggestion: "schedule",
    },
  ]);
  expect(linesOf(() => descent().with(options))).toEqual([
    "descent.lr: expected a number above 0, found -1",
    "descent.betas.1: expected a number of at most 1, found 3",
    'descent.schedule: expected one of "cosine", "constant", found "cosin"; did you mean "cosine"?',
    'descent.beta: there is no such setting; did you mean "betas"?',
    'descent.shedule: there is no such setting; did you mean "schedule"?',
  ]);
  expect(linesOf(() => descent({ momentumCorrection: 1 })))
    .toEqual(["descent.momentumCorrection: there is no such setting"]);
  expect(linesOf(() => descent(3))).toEqual(["descent: expected an object, found 3"]);
  expect(linesOf(() => descent(null))).toEqual(["descent: expected an object, found null"]);
});

Deno.test("defineComponent: paths that lead nowhere are refused, also names that every object has", () => {
  const made = descent();
  expect(linesOf(() => made.with({ "betas.2": 1 }))).toEqual([
    "descent.betas.2: there is no such setting",
  ]);
  expect(linesOf(() => made.with({ "lr.x": 1 }))).toEqual([
    "descent.lr.x: there is no such setting",
  ]);
  expect(linesOf(() => made.with({ "beta.1": 1, "betas.length": 0 }))).toEqual([
    'descent.beta.1: there is no such setting; did you mean "betas.1"?',
    "descent.betas.length: there is no such setting",
  ]);
  // An option without default holds nothing until it is given.
  expect(linesOf(() => made.with({ "note.x": 1 }))).toEqual([
    "descent.note.x: there is no such setting",
  ]);
  const odd = JSON.parse('{ "__proto__": 1, "constructor": 2, "toString.x": 3 }');
  expect(faultsOf(() => made.with(odd)).map(({ path }) => path.join("."))).toEqual([
    "toString.x",
    "__proto__",
    "constructor",
  ]);
});

Deno.test("defineComponent: says in plain words what a schema expects", () => {
  const wide = defineComponent({
    name: "wide",
    schema: z.strictObject({
      whole: z.int().optional(),
      flag: z.boolean().optional(),
      text: z.string().min(1).optional(),
      letters: z.string().max(2).optional(),
      list: z.array(z.number()).min(2).optional(),
      pair: z.array(z.number()).length(2).optional(),
      open: z.number().lt(1).optional(),
      step: z.number().multipleOf(4).optional(),
      either: z.union([z.string().min(1), z.array(z.string()).min(1)]).optional(),
      literal: z.union([z.literal("auto"), z.boolean()]).optional(),
      known: z.union([z.enum(["pets", "cars"]), z.array(z.string())]).optional(),
      own: z.number().refine((value) => value % 2 === 0, { error: "an even number" }).optional(),
      said: z.custom<string>(() => false, { error: "expected the moon" }).optional(),
      mute: z.custom<string>(() => false).optional(),
      deep: z.strictObject({ image: z.int().default(0), title: z.string().default("") })
        .nullable().default(null),
      rows: z.array(z.strictObject({ width: z.int() })).optional(),
    }),
    make: () => ({}),
  });
  const found = {
    whole: 0.5,
    flag: 1,
    text: "",
    letters: "abc",
    list: [1],
    pair: [1, 2, 3],
    open: 1,
    step: 2,
    either: 3,
    literal: "x",
    known: "pet",
    own: 3,
    said: "no",
    mute: { long: "x".repeat(100) },
    deep: { imag: 1 },
    rows: [{ widht: 1 }],
  };
  expect(linesOf(() => wide(found))).toEqual([
    "wide.whole: expected a whole number, found 0.5",
    "wide.flag: expected true or false, found 1",
    'wide.text: expected text that is not empty, found ""',
    'wide.letters: expected text of at most 2 characters, found "abc"',
    "wide.list: expected a list of at least 2, found [1]",
    "wide.pair: expected a list of 2, found [1,2,3]",
    "wide.open: expected a number below 1, found 1",
    "wide.step: expected a multiple of 4, found 2",
    "wide.either: expected text or a list, found 3",
    'wide.literal: expected "auto" or true or false, found "x"',
    'wide.known: expected one of "pets", "cars" or a list, found "pet"; did you mean "pets"?',
    "wide.own: expected an even number, found 3",
    'wide.said: expected the moon, found "no"',
    "wide.mute: expected another value, found an object",
    'wide.deep.imag: there is no such setting; did you mean "deep.image"?',
    "wide.rows.0.width: expected a number, found nothing",
    'wide.rows.0.widht: there is no such setting; did you mean "rows.0.width"?',
  ]);
});

Deno.test("defineComponent: a rule between options tells the value in force, given or not", () => {
  const between = defineComponent({
    name: "between",
    schema: z.strictObject({ lr: z.number(), lowest: z.number().default(0) })
      .refine(({ lr, lowest }) => lowest < lr, { path: ["lowest"], error: "less than lr" }),
    make: () => ({}),
  });
  expect(linesOf(() => between({ lr: 1 }).with({ lowest: 2 })))
    .toEqual(["between.lowest: expected less than lr, found 2"]);
  expect(linesOf(() => between({ lr: -1 })))
    .toEqual(["between.lowest: expected less than lr, found 0"]);
  // Options that depend on each other change together.
  expect(between({ lr: 1 }).with({ lowest: 5, lr: 6 }).options).toEqual({ lr: 6, lowest: 5 });
});

const preset = defineComponent({
  name: "quirks",
  schema: z.strictObject({
    preset: z.enum(["released", "strict"]).default("strict"),
    words: z.enum(["any", "other"]),
    inner: z.custom<Component>((value) => typeof value === "object"),
  }),
  presets: {
    released: {
      words: "any",
      get inner() {
        return descent({ lr: 1 });
      },
    },
    strict: {
      words: "other",
      get inner() {
        return descent({ lr: 2, note: "strict" });
      },
    },
  },
  make: ({ words }) => ({ words }),
});

Deno.test("defineComponent: what was not given follows the preset", () => {
  const strict = { name: "descent", ...descent({ lr: 2, note: "strict" }).options };
  const released = { name: "descent", ...descent({ lr: 1 }).options };
  const made = preset();
  expect(made.options).toEqual({ preset: "strict", words: "other", inner: strict });
  expect(made.words).toBe("other");
  expect(made.with({ preset: "released" }).options)
    .toEqual({ preset: "released", words: "any", inner: released });
  // What was given stays, through any number of changes.
  const chosen = preset({ words: "any" });
  expect(chosen.with({ preset: "released" }).with({ preset: "strict" }).options)
    .toEqual({ preset: "strict", words: "any", inner: strict });
  // Inside of what follows the preset it is the value by the new one that changes.
  expect(made.with({ preset: "released", "inner.lr": 3 }).options["inner"])
    .toEqual({ ...released, lr: 3 });
  expect(made.with({ inner: { lr: 3 } }).options["inner"]).toEqual({ ...strict, lr: 3 });
  // A manifest's options make the same component again, whatever it was made from.
  const other = preset({ preset: "released" });
  expect(made.with(other.options).options).toEqual(other.options);
  // A preset that there is none of is one fault and not one for each option.
  expect(linesOf(() => preset({ preset: "stict" }))).toEqual([
    'quirks.preset: expected one of "released", "strict", found "stict"; did you mean "strict"?',
  ]);
});

const tool = (name: string) => ({ name, work: () => name });

const outer: (options: unknown) => Component & { readonly first: string } = defineComponent({
  name: "outer",
  schema: z.strictObject({
    parts: z.array(z.custom<Component>((value) => value !== null && typeof value === "object", {
      error: "a component",
    })),
    named: z.record(z.string(), z.custom<Component>((value) => typeof value === "object")),
    tool: z.custom<ReturnType<typeof tool>>(
      (value) => typeof value === "object" && value !== null && "work" in value,
      { error: "a tool" },
    ).default(() => tool("hammer")),
    columns: z.strictObject({ image: z.int().default(0), title: z.string().nullable() })
      .default({ image: 0, title: null }),
    measure: z.custom<() => number>((value) => typeof value === "function").optional(),
  }),
  make: ({ parts, tool }) => ({ first: `${parts[0]?.name} ${tool.work()}` }),
});

Deno.test("defineComponent: components among the options are described and changed by path", () => {
  const saw = tool("saw");
  const made = outer({ parts: [descent(), preset()], named: { a: descent() }, tool: saw });
  const described = { name: "descent", ...descent().options };
  expect(made.options).toEqual({
    parts: [described, { name: "quirks", ...preset().options }],
    named: { a: described },
    tool: "saw",
    columns: { image: 0, title: null },
  });
  const changed = made.with({
    "parts.0.lr": 3,
    "parts.0.betas.1": 0.5,
    // Its quirks follow the preset inside too.
    "parts.1.preset": "released",
    "named.a.schedule": "constant",
    "columns.title": "name",
  });
  expect(changed.options).toEqual({
    parts: [
      { ...described, lr: 3, betas: [0.9, 0.5] },
      { name: "quirks", ...preset({ preset: "released" }).options },
    ],
    named: { a: { ...described, schedule: "constant" } },
    tool: "saw",
    columns: { image: 0, title: "name" },
  });
  // The same as objects, of which a list needs all.
  expect(made.with({ parts: [{ lr: 3 }, {}] }).options["parts"])
    .toEqual([{ ...described, lr: 3 }, { name: "quirks", ...preset().options }]);
  expect(made.with({ parts: [{ name: "descent" }] }).options["parts"]).toEqual([described]);
  expect(made.with({ columns: { title: "x" } }).options["columns"])
    .toEqual({ image: 0, title: "x" });
  // As a manifest has them.
  expect(changed.with(JSON.parse(JSON.stringify(changed.options))).options)
    .toEqual(changed.options);
});

Deno.test("defineComponent: what JSON cannot hold is its name there, and stays by it", () => {
  const made = outer({ parts: [], named: {}, tool: tool("saw") });
  expect(made.with({ tool: "saw", columns: { title: "x" } }).first).toBe("undefined saw");
  expect(linesOf(() => made.with({ tool: "axe" }))).toEqual([
    'outer.tool: expected a tool, found "axe"',
  ]);
  expect(linesOf(() => made.with({ "tool.name": "axe" }))).toEqual([
    "outer.tool.name: there is no such setting",
  ]);
  const measure = function area() {
    return 1;
  };
  expect(outer({ parts: [], named: {}, measure }).options["measure"]).toBe("area");
  const strange = "expected a component, what JSON can hold, or something with a name that " +
    "stands for it, found";
  expect(linesOf(() => outer({ parts: [{ work() {} }], named: {}, tool: { work() {} } })))
    .toEqual([
      `outer.parts.0: ${strange} an object`,
      `outer.tool: ${strange} an object`,
    ]);
});

Deno.test("defineComponent: faults of components among the options have their whole path", () => {
  const made = outer({ parts: [descent(), outer({ parts: [descent()], named: {} })], named: {} });
  expect(
    linesOf(() =>
      made.with({
        "parts.0.lr": "fast",
        "parts.0.shedule": 1,
        "parts.1.parts.0.lr": -1,
        "parts.2.lr": 1,
        "parts.1.tool": "axe",
        colums: 1,
      })
    ).sort(),
  ).toEqual([
    'outer.parts.0.lr: expected a number, found "fast"',
    'outer.parts.0.shedule: there is no such setting; did you mean "parts.0.schedule"?',
    "outer.parts.1.parts.0.lr: expected a number above 0, found -1",
    'outer.parts.1.tool: expected a tool, found "axe"',
    "outer.parts.2.lr: there is no such setting",
    'outer.colums: there is no such setting; did you mean "columns"?',
  ].sort());
  // Another component's description is no change of this one: the schema judges it.
  expect(linesOf(() => outer({ parts: [], named: {} }).with({ "parts": null }))).toEqual([
    "outer.parts: expected a list, found null",
  ]);
});

Deno.test("defineComponent: what make refuses is a fault of the options; what it loses is an error", () => {
  const refusing = defineComponent({
    name: "refusing",
    schema: z.strictObject({ side: z.number() }),
    make: ({ side }) => {
      if (side > 2) throw new RangeError("no room");
      if (side < 0) throw new Error("a fault of its own");
      return side === 0 ? new (class Square {})() : {};
    },
  });
  expect(faultsOf(() => refusing({ side: 1 }).with({ side: 3 }))).toEqual([
    { path: [], code: "failed", expected: "no room", found: undefined },
  ]);
  expect(linesOf(() => refusing({ side: 3 }))).toEqual(["refusing: no room"]);
  expect(() => refusing({ side: -1 })).toThrow(new Error("a fault of its own"));
  // Methods of a class would not be among the component's members.
  expect(() => refusing({ side: 0 })).toThrow(TypeError);
});

Deno.test("defineComponent: an error of a component made by hand is told at its path", () => {
  const byHand: Component = {
    name: "byHand",
    options: { a: 1 },
    with: ({ a }) => {
      if (a === 2) return byHand;
      throw new RangeError("a must be 2");
    },
  };
  const made = outer({ parts: [byHand], named: {} });
  expect(made.with({ "parts.0.a": 2 }).options["parts"]).toEqual([{ name: "byHand", a: 1 }]);
  expect(faultsOf(() => made.with({ "parts.0.a": 3 }))).toEqual([
    { path: ["parts", 0], code: "failed", expected: "a must be 2", found: undefined },
  ]);
  expect(linesOf(() => made.with({ "parts.0.a": 3 }))).toEqual(["outer.parts.0: a must be 2"]);
});
