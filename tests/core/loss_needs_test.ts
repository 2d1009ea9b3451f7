/** A loss that needs what composer or model do not give neither compiles nor passes `defineRecipe`. */
import { expect } from "expect";
import { defineRecipe } from "../../core/define_recipe.ts";
import { sum } from "../../core/graph/linear.ts";
import type { Loss, LossContext, LossExtra } from "../../core/loss.ts";
import type { ModelSource } from "../../core/model.ts";
import { type Composer, type Objective, objective } from "../../core/objective.ts";
import { averagedWeights } from "../../plugins/patching/averaged_weights.ts";
import { singleCaption } from "../../plugins/contrastive/single_caption.ts";
import { tinyClip } from "../../plugins/scenes/tiny_clip.ts";
import { model, settings } from "../helpers/recipe_fixture.ts";

function lossOf<Picture extends string, Extra extends LossExtra>(
  pictures: readonly Picture[],
  extras: readonly Extra[],
): Loss<"caption", Picture, Extra> {
  const loss: Loss<"caption", Picture, Extra> = {
    name: "needy",
    options: {},
    needs: ["caption"],
    pictures,
    extras,
    compute: ({ image }: LossContext<"caption", Picture, Extra>) => ({
      total: sum(image),
      terms: {},
    }),
    with: () => loss,
  };
  return loss;
}

const pictured: Composer<"caption", "negative"> = {
  name: "pictured",
  options: {},
  groups: { caption: 1 },
  pictures: { negative: 1 },
  rows: 1,
  compose: () => Promise.resolve([]),
  with: () => pictured,
};

const faultsOf = (work: () => unknown) => {
  try {
    work();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

Deno.test("objective: a loss finds the groups of pictures that it needs", () => {
  const seeing = lossOf(["negative"], []);
  expect(objective("fits", pictured, seeing).loss).toBe(seeing);
  // More than it needs is no harm.
  objective("more", pictured, lossOf([], []));
  // @ts-expect-error: singleCaption has no pictures beyond the rows' own
  const blind = objective("blind", singleCaption(), seeing);
  // @ts-expect-error: and these are others
  const other = objective("other", pictured, lossOf(["positive"], []));
  expect(faultsOf(() => defineRecipe(settings({ objectives: [blind, other] })))).toBe(
    "objectives.0.loss: expected a loss on groups of pictures that singleCaption provides (none), " +
      'found "negative"\n' +
      "objectives.1.loss: expected a loss on groups of pictures that pictured provides (negative), " +
      'found "positive"',
  );
});

Deno.test("Composer: a row of a composer with pictures has them", () => {
  const image = { width: 1, height: 1, data: new Uint8Array(3) };
  const row = { id: "a", image, texts: { caption: ["a"] } };
  const composer: Composer<"caption", "negative"> = {
    ...pictured,
    // @ts-expect-error: the negative picture is not there
    compose: () => Promise.resolve([row]),
    with: () => composer,
  };
  const complete: Composer<"caption", "negative"> = {
    ...pictured,
    compose: () => Promise.resolve([{ ...row, images: { negative: [null] } }]),
    with: () => complete,
  };
  expect([composer, complete].map(({ pictures }) => pictures))
    .toEqual([{ negative: 1 }, { negative: 1 }]);
});

Deno.test("defineRecipe: a model gives what losses ask for", () => {
  const { model: _, objectives: __, ...rest } = settings();
  const asks = (extras: readonly ("patches" | "pooled")[]) => [
    objective("asks", singleCaption(), lossOf([], extras)),
  ];
  const given = defineRecipe({
    ...rest,
    model: tinyClip(),
    objectives: asks(["patches", "pooled"]),
  });
  // Recipes made of it are checked when they run: with a model that gives nothing, it is refused.
  expect(faultsOf(() => defineRecipe({ ...given, model: model() }))).toBe(
    "objectives.0.loss: expected a loss that asks for what toy gives beyond embeddings (nothing), " +
      'found "patches"\n' +
      "objectives.0.loss: expected a loss that asks for what toy gives beyond embeddings (nothing), " +
      'found "pooled"',
  );
  // @ts-expect-error: toy gives nothing beyond embeddings
  const none = () => defineRecipe({ ...rest, model: model(), objectives: asks(["patches"]) });
  expect(none).toThrow('found "patches"');
  const biased = [objective("biased", singleCaption(), lossOf([], ["logitBias"]))];
  // @ts-expect-error: CLIP has no logit bias
  const without = () => defineRecipe({ ...rest, model: tinyClip(), objectives: biased });
  expect(without).toThrow("what tinyClip gives beyond embeddings (patches, tokens, pooled)");
  // A model that gives more goes where one is enough that gives less.
  const plain: ModelSource = tinyClip();
  expect(plain.gives).toEqual({ patches: true, tokens: true, pooled: true });
});

Deno.test("defineRecipe: averages are kept where they are asked for", () => {
  const averaging: Objective<"averaged">[] = [
    objective("slow", singleCaption(), lossOf([], ["averaged"])),
  ];
  expect(
    faultsOf(() => defineRecipe(settings({ objectives: averaging, after: [averagedWeights()] }))),
  )
    .toBe(
      "objectives.0.loss: expected a loss that asks for what recipes with the setting average " +
        'give, found "averaged"\n' +
        "after.0: expected a transformation that recipes without the setting average can do, found " +
        '"averaged"',
    );
  const average = { decay: 0.99 };
  const after = [averagedWeights()];
  expect(defineRecipe(settings({ objectives: averaging, after, average })).average).toEqual(
    average,
  );
  // What the run gives of itself needs no setting.
  defineRecipe(settings({ objectives: [objective("a", singleCaption(), lossOf([], ["frozen"]))] }));
});

Deno.test("defineRecipe: refuses settings of training that mean nothing", () => {
  expect(
    faultsOf(() => defineRecipe(settings({ trained: [], clipNorm: 0, average: { decay: 1 } }))),
  ).toBe(
    "trained: expected at least one part or pattern, found []\n" +
      "clipNorm: expected a number above 0, found 0\n" +
      "average.decay: expected a number from 0 to below 1, found 1",
  );
});
