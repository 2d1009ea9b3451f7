import { expect } from "expect";
import { z } from "zod";
// What a package from outside has, and nothing else.
import {
  type Component,
  type Composer,
  defineComponent,
  defineRecipe,
  describeRecipe,
  type Loss,
  objective,
  overrideRecipe,
  type RecipeSettings,
  type Schedule,
  SettingsError,
} from "@syntagma/syntagma";
import { settings } from "../helpers/recipe_fixture.ts";

interface Speller extends Component {
  spell(word: string): string;
}

interface Mill extends Component {
  grind(text: string): string;
}

const isOf = (member: string) => (value: unknown) =>
  typeof value === "object" && value !== null && member in value;

const speller: (options?: { readonly letters?: number; readonly style?: string }) => Speller =
  defineComponent({
    name: "speller",
    schema: z.strictObject({
      letters: z.int().min(1).default(3),
      style: z.enum(["plain", "ornate"]).default("plain"),
      hint: z.string().optional(),
    }),
    make: ({ letters, style }) => ({
      spell: (word) => word.slice(0, letters) + (style === "plain" ? "" : "!"),
    }),
  });

const mill: (options?: { readonly speller?: Speller; readonly rounds?: number }) => Mill =
  defineComponent({
    name: "mill",
    schema: z.strictObject({
      speller: z.custom<Speller>(isOf("spell"), { error: "a speller" }).default(() => speller()),
      rounds: z.int().min(0).default(1),
    }),
    make: ({ speller }) => ({
      grind: (text) => text.split(" ").map((word) => speller.spell(word)).join(" "),
    }),
  });

const rows: (options?: { readonly mills?: readonly Mill[] }) => Composer<"caption"> =
  defineComponent({
    name: "rows",
    schema: z.strictObject({
      mills: z.array(z.custom<Mill>(isOf("grind"), { error: "a mill" })).default(() => [mill()]),
    }),
    make: ({ mills }) => ({
      groups: { caption: mills.length },
      rows: 1,
      compose: (index) =>
        Promise.resolve([{
          id: `${index}`,
          image: { width: 1, height: 1, data: new Uint8Array(3) },
          texts: { caption: mills.map((each) => each.grind("sphinx of quartz")) },
        }]),
    }),
  });

const margin: (options?: { readonly margin?: number }) => Loss<"caption"> = defineComponent({
  name: "margin",
  schema: z.strictObject({ margin: z.number().min(0).max(2).default(0.2) }),
  make: () => ({
    needs: ["caption"],
    compute: ({ logitScale }) => ({ total: logitScale, terms: {} }),
  }),
});

const constant: (options?: { readonly factor?: number }) => Schedule = defineComponent({
  name: "constant",
  schema: z.strictObject({ factor: z.number().positive().default(1) }),
  make: ({ factor }) => ({ factor: () => factor }),
});

const recipe = defineRecipe({
  ...settings() as RecipeSettings,
  objectives: [objective("own", rows({ mills: [mill(), mill({ rounds: 2 })] }), margin())],
  schedule: constant(),
});

const overridden = (...assignments: string[]) => overrideRecipe(recipe, assignments);

function linesOf(...assignments: string[]): string[] {
  try {
    overridden(...assignments);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as SettingsError).message.split("\n");
  }
  return [];
}

Deno.test("defineComponent: a stranger's component is described and overridden, however deep", async () => {
  const changed = overridden(
    "schedule.factor=0.5",
    "objectives.own.loss.margin=0",
    "objectives.own.composer.mills.1.speller.letters=2",
    "objectives.0.composer.mills.1.speller.style=ornate",
    "objectives.own.composer.mills.0.rounds=7",
    // Without a default, so it is nowhere in the description yet.
    "objectives.own.composer.mills.0.speller.hint=x=y",
  );
  expect(changed.schedule.factor(0, 1)).toBe(0.5);
  const { composer } = changed.objectives[0]!;
  const [row] = await composer.compose(0, {} as Parameters<typeof composer.compose>[1]);
  expect(row!.texts).toEqual({ caption: ["sph of qua", "sp! of! qu!"] });
  expect(describeRecipe(changed)["objectives"]).toEqual([{
    name: "own",
    composer: {
      name: "rows",
      mills: [
        {
          name: "mill",
          rounds: 7,
          speller: { name: "speller", letters: 3, style: "plain", hint: "x=y" },
        },
        { name: "mill", rounds: 2, speller: { name: "speller", letters: 2, style: "ornate" } },
      ],
    },
    loss: { name: "margin", margin: 0 },
  }]);
  // What was not named is as it was.
  expect(changed.optimizer).toBe(recipe.optimizer);
});

Deno.test("defineComponent: a stranger's faults have their full paths, with what was meant", () => {
  expect(linesOf(
    "objectives.own.composer.mills.0.speller.leters=2",
    "objectives.own.composer.mills.0.speller.style=ornat",
    "objectives.own.composer.mills.1.speller.letters=0",
    "objectives.own.composer.mills.1.speller=3",
    "objectives.own.composer.mills.2.rounds=1",
    "objectives.own.composer.mils.0.rounds=1",
    "objectives.own.loss.margin=wide",
    "objectives.own.loss.marign=1",
    "schedule.factor=0",
  )).toEqual([
    "objectives.own.composer.mills.0.speller.style: " +
    'expected one of "plain", "ornate", found "ornat"; did you mean "ornate"?',
    "objectives.own.composer.mills.0.speller.leters: there is no such setting; did you mean " +
    '"objectives.own.composer.mills.0.speller.letters"?',
    "objectives.own.composer.mills.1.speller: expected a speller, found 3",
    "objectives.own.composer.mills.2.rounds: there is no such setting",
    "objectives.own.composer.mils.0.rounds: there is no such setting; did you mean " +
    '"objectives.own.composer.mills.0.rounds"?',
    'objectives.own.loss.margin: expected a number, found "wide"',
    "objectives.own.loss.marign: there is no such setting; did you mean " +
    '"objectives.own.loss.margin"?',
    "schedule.factor: expected a number above 0, found 0",
  ]);
});

Deno.test("SettingsError: a stranger's faults are data", () => {
  let found: unknown;
  try {
    overridden("objectives.own.composer.mills.1.speller.letters=many");
  } catch (error) {
    found = error;
  }
  expect(found).toBeInstanceOf(SettingsError);
  expect((found as SettingsError).faults).toEqual([{
    path: ["objectives", "own", "composer", "mills", 1, "speller", "letters"],
    code: "refused",
    expected: "a number",
    found: "many",
  }]);
});
