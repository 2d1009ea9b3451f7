import { expect } from "expect";
import { variables } from "../../../../plugins/app/recipe_from/variables.ts";

Deno.test("variables: a name of its own for each component, which a variable of the recipe can have", () => {
  const variable = variables();
  expect(variable("said", "a")).toBe("said");
  // The same component again, and another one of its name.
  expect([variable("said", "a"), variable("said", "b"), variable("said", "b")])
    .toEqual(["said", "said_", "said_"]);
  expect([variable("two words", "c"), variable("two_words", "d")])
    .toEqual(["two_words", "two_words_"]);
  expect(["1st", "é", ""].map((name) => variable(name, name))).toEqual(["_1st", "_", "__"]);
  // What the text calls something else by, and what no variable is called.
  const taken = ["objective", "recipe", "plugin", "plugin2", "class", "await", "undefined"];
  expect(taken.map((name) => variable(name, name))).toEqual(taken.map((name) => `${name}_`));
});
