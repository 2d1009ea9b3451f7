import { sizeOf } from "../../core/graph/node.ts";
import type { Shape } from "../../core/graph/tensor.ts";
import type { AnyLoss, LossExtra } from "../../core/loss.ts";
import { createRandom } from "../../core/random.ts";
import { ownedParameters } from "../../core/training/loop/owned_parameters.ts";
import { stateShape } from "../../core/training/loop/state_shape.ts";
import type { SizedTest } from "./sized_test.ts";

/** An input of a loss that is tested. */
export interface Place {
  /** Its name in messages: `"text.caption"`, `"extra.tokens.caption"`. */
  readonly name: string;
  readonly shape: Shape;
  readonly values: readonly number[];
  /** Whether its rows are brought to unit length, as a tower's embeddings are. */
  readonly unit: boolean;
  /** Whether no gradient flows into it in training: what another model says of the batch. */
  readonly fixed: boolean;
}

/** The name of the last place, which is differentiated as it is trained: by its logarithm. */
export const LOG_SCALE = "the logarithm of the logit scale";

/** How many there are of what the model decides, where a test does not say. */
const SIZES = { patches: 2, tokens: 3, width: 4 };

/**
 * The inputs of a loss on the batch of a test: those given, others drawn from the test's seed.
 *
 * @throws {RangeError} if the test does not fit the loss: groups or names that it has not, or wrong
 *   counts of numbers.
 */
export function lossPlaces(loss: AnyLoss, test: SizedTest): readonly Place[] {
  const { batch, dim, groups, pictures, seed = 0, embeddings, logitScale = 4 } = test;
  const { present = {}, presentPictures = {}, presentTokens = {} } = test;
  const { state = {}, parameters = {} } = test;
  const { patches, tokens, width } = { ...SIZES, ...test.sizes };
  const fail = (what: string, expected: string, found: unknown): never => {
    throw new RangeError(`testLoss of ${loss.name}: ${what}: expected ${expected}, found ${found}`);
  };
  const compareNames = (what: string, given: object, needed: readonly string[]) => {
    const [found, expected] = [Object.keys(given), needed].map((names) =>
      names.toSorted().join(", ") || "none"
    ) as [string, string];
    if (found !== expected) fail(what, expected, found);
  };
  const place = (
    name: string,
    shape: Shape,
    values: readonly number[] | undefined,
    kind: Partial<Pick<Place, "unit" | "fixed">> = {},
  ): Place => {
    const size = sizeOf(shape);
    const random = createRandom(seed, "testLoss", name);
    const filled = values ?? Array.from({ length: size }, () => random.normal());
    if (filled.length !== size) fail(name, `${size} numbers`, filled.length);
    return { name, shape, values: filled, unit: false, fixed: false, ...kind };
  };
  const checkPresent = (
    what: string,
    given: Readonly<Record<string, readonly number[]>>,
    counts: Readonly<Record<string, number>>,
    each: Shape = [],
  ) => {
    for (const [name, values] of Object.entries(given)) {
      const count = counts[name] ?? fail(what, Object.keys(counts).join(", ") || "none", name);
      place(`${what}.${name}`, [batch, count, ...each], values);
    }
  };

  compareNames("groups", groups, [...loss.needs, ...Object.keys(loss.reads ?? {})]);
  compareNames("pictures", pictures, loss.pictures ?? []);
  if (!(logitScale > 0)) fail("logitScale", "a number above 0", logitScale);
  checkPresent("present", present, groups);
  checkPresent("presentPictures", presentPictures, pictures);
  checkPresent("presentTokens", presentTokens, groups, [tokens]);
  for (const [name, values] of Object.entries(state)) {
    const each = loss.state?.[name] ?? fail("state", "a name of the loss's state", name);
    place(`state.${name}`, stateShape(each, groups), values);
  }
  const owned = ownedParameters({ name: "testLoss", loss }, { dim, text: { width } });
  for (const name of Object.keys(parameters)) {
    if (!owned.some(({ own }) => own === name)) {
      fail("parameters", "a name of the loss's own", name);
    }
  }

  const extra = embeddings?.extra ?? {};
  const extraPlace = (name: string, shape: Shape, kind?: Partial<Pick<Place, "unit" | "fixed">>) =>
    place(`extra.${name}`, shape, extra[name], kind);
  const teacher = (name: string) => {
    const kind = { unit: true, fixed: true };
    return [
      extraPlace(`${name}.image`, [batch, dim], kind),
      ...loss.needs.map((group) =>
        extraPlace(`${name}.text.${group}`, [batch, groups[group]!, dim], kind)
      ),
    ];
  };
  const placesOf: { readonly [Name in LossExtra]: () => readonly Place[] } = {
    patches: () => [extraPlace("patches", [batch, patches, dim])],
    tokens: () =>
      loss.needs.map((group) =>
        extraPlace(`tokens.${group}`, [batch, groups[group]!, tokens, dim])
      ),
    pooled: () =>
      loss.needs.map((group) => extraPlace(`pooled.${group}`, [batch, groups[group]!, width])),
    // Ids are no numbers that a loss could be differentiated by.
    read: () => [],
    example: () => [],
    logitBias: () => [extraPlace("logitBias", [])],
    frozen: () => teacher("frozen"),
    averaged: () => teacher("averaged"),
  };
  const extras = (loss.extras ?? []).flatMap((name) => placesOf[name]());
  for (const name of Object.keys(extra)) {
    if (extras.some((each) => each.name === `extra.${name}`)) continue;
    const known = extras.map((each) => each.name.slice("extra.".length)).join(", ");
    fail("embeddings.extra", known || "none, as the loss asks for none", name);
  }
  return [
    place("image", [batch, dim], embeddings?.image, { unit: true }),
    ...Object.entries(pictures).map(([name, count]) =>
      place(`images.${name}`, [batch, count, dim], embeddings?.images?.[name], { unit: true })
    ),
    ...loss.needs.map((name) =>
      place(`text.${name}`, [batch, groups[name]!, dim], embeddings?.text[name], { unit: true })
    ),
    ...extras,
    ...owned.map(({ own, shape, trained }) => {
      const random = createRandom(seed, "testLoss", "parameter", own);
      const start = () => [...loss.parameters![own]!.initial(shape, random)];
      return place(`parameters.${own}`, shape, parameters[own] ?? start(), {
        fixed: !trained,
      });
    }),
    place(LOG_SCALE, [], [Math.log(logitScale)]),
  ];
}
