import { expect } from "expect";
import type { BenchmarkEntry } from "../../core/benchmark.ts";
import { joinPlugins } from "../../core/join_plugins.ts";
import type { ModelSource } from "../../core/model.ts";
import { definePlugin, isPlugin, type Plugin } from "../../core/plugin.ts";
import { SettingsError } from "../../core/settings_error.ts";
import { plugins } from "../../plugins/index.ts";

const recipe = { description: "Mine", load: () => Promise.reject(new Error("not asked for")) };

Deno.test("definePlugin: tells every fault, and guesses what was meant", () => {
  const faulty = { name: "My plugin", recipe: {}, recipes: [], commands: { "a b": recipe } };
  expect(() => definePlugin(faulty as unknown as Plugin)).toThrow(
    [
      'plugin My plugin.name: expected lower-case letters, digits and single hyphens, found "My plugin"',
      'plugin My plugin.recipe: there is no such setting; did you mean "recipes"?',
      'plugin My plugin.commands: expected names of letters, digits and . : - _, found "a b"',
      "plugin My plugin.recipes: expected an object with a value for each name, found []",
    ].join("\n"),
  );
  // As other refusals, with its faults as data.
  try {
    definePlugin(faulty as unknown as Plugin);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    expect((error as SettingsError).faults.map(({ path, code }) => [path[0], code])).toEqual([
      ...[["name", "refused"], ["recipe", "unknown"]],
      ...[["commands", "refused"], ["recipes", "refused"]],
    ]);
  }
});

Deno.test("isPlugin: an object with a name and a part, and no component", () => {
  expect(isPlugin({ name: "mine", recipes: {} })).toBe(true);
  expect(isPlugin({ name: "mine" })).toBe(false);
  expect(isPlugin({ name: "adamw", options: {}, hooks: [] })).toBe(false);
  expect(isPlugin(undefined)).toBe(false);
});

Deno.test("joinPlugins: two things of one kind and name are an error that names both plugins", async () => {
  const one: Plugin = { name: "one", recipes: { mine: recipe } };
  const two: Plugin = { name: "two", recipes: { mine: recipe }, commands: { mine: recipe } };
  expect(() => joinPlugins([one, two])).toThrow(
    'plugins: the recipe "mine" is in both "one" and "two"; leave one out',
  );
  expect(() => joinPlugins([one, one])).toThrow('plugins: found "one" twice');
  const benchmarks = { quiz: {} as BenchmarkEntry };
  const joined = joinPlugins([
    { name: "a", benchmarks },
    { name: "b", benchmarks: () => Promise.resolve(benchmarks) },
  ]);
  await expect(joined.benchmarks()).rejects.toThrow(
    'the benchmark "quiz" is in both "a" and "b"',
  );
});

Deno.test("joinPlugins: a part that cannot be loaded is told with its plugin", async () => {
  const boom = () => Promise.reject(new Error("no file"));
  const parts = { benchmarks: boom, literature: boom, hooks: boom };
  const joined = joinPlugins([{ name: "a" }, { name: "b", ...parts }]);
  for (const part of ["benchmarks", "literature", "hooks"] as const) {
    await expect(joined[part]()).rejects.toThrow(`plugin b, ${part}: no file`);
  }
});

Deno.test("joinPlugins: families of models are asked in turn", async () => {
  const source = {} as ModelSource;
  const family = (known: string, form: string) => ({
    form,
    source: (reference: string) => Promise.resolve(reference === known ? source : undefined),
  });
  const joined = joinPlugins([
    { name: "a", models: { a: family("x", "x alone") } },
    { name: "b", models: { b: family("y", "y alone") } },
  ]);
  expect(await joined.source("y", {})).toBe(source);
  await expect(joined.source("z", {})).rejects.toThrow(
    "z: expected the weights of a model (x alone; y alone)",
  );
});

Deno.test("plugins: all that come along can be loaded", async () => {
  const { data, objectives, negatives, commands } = joinPlugins(plugins);
  for (const [name, { load }] of Object.entries({ ...data, ...objectives })) {
    expect([name, typeof await load()]).toEqual([name, "function"]);
  }
  for (const make of Object.values(negatives)) expect((await make()).slots).toBeGreaterThan(0);
  for (const { load } of Object.values(commands)) {
    expect(typeof (await load()).default).toBe("function");
  }
});
