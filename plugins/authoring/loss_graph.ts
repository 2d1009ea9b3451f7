import { l2Normalize } from "../../core/graph/composite.ts";
import { exp } from "../../core/graph/elementwise.ts";
import { constant, sizeOf } from "../../core/graph/node.ts";
import type { Shape, Tensor } from "../../core/graph/tensor.ts";
import type { AnyLoss, LossExtra, LossExtras, LossResult } from "../../core/loss.ts";
import { stateShape } from "../../core/training/loop/state_shape.ts";
import { LOG_SCALE, type Place } from "./loss_places.ts";
import type { SizedTest } from "./sized_test.ts";

/**
 * Builds a loss on the batch of a test.
 *
 * @param places As `lossPlaces` gives them.
 * @param inputs A tensor for each of the places that are not fixed, in their order.
 */
export function lossGraph(
  loss: AnyLoss,
  test: SizedTest,
  places: readonly Place[],
  inputs: readonly Tensor[],
): LossResult {
  const { batch, groups, pictures, state = {} } = test;
  const { present = {}, presentPictures = {}, presentTokens = {} } = test;
  const { dtype } = inputs[0]!;
  const given = inputs.values();
  const tensors = new Map(places.map(({ name, shape, values, unit, fixed }) => {
    const tensor = fixed ? constant(values, shape, dtype) : given.next().value!;
    return [name, unit ? l2Normalize(tensor) : tensor];
  }));
  const at = (name: string) => tensors.get(name)!;
  let count = 0;
  /** So many numbers, all different. */
  const different = (shape: Shape) =>
    constant(Array.from({ length: sizeOf(shape) }, () => count++), shape, dtype);
  const filled = (values: readonly number[] | undefined, shape: Shape, fill: number) =>
    constant(values ?? new Array<number>(sizeOf(shape)).fill(fill), shape, dtype);
  const readOf = (name: string) => {
    const ids = test.read?.[name];
    const each = groups[name]!;
    const texts = batch * each;
    if (ids !== undefined && ids.length > 0 && ids.length % texts === 0) {
      return constant(ids, [batch, each, ids.length / texts], "int64");
    }
    throw new RangeError(
      `testLoss of ${loss.name}: read.${name}: expected ids, as many for each of ${texts} texts, ` +
        `found ${ids?.length ?? "none"}`,
    );
  };
  const byGroup = <T>(make: (name: string) => T) => byName(loss.needs, make);
  const teacher = (name: string) => ({
    image: at(`extra.${name}.image`),
    text: byGroup((group) => at(`extra.${name}.text.${group}`)),
  });
  const extraOf: { readonly [Name in LossExtra]: () => LossExtras<string>[Name] } = {
    patches: () => at("extra.patches"),
    tokens: () =>
      byGroup((group) => {
        const embeddings = at(`extra.tokens.${group}`);
        return {
          embeddings,
          present: filled(presentTokens[group], embeddings.shape.slice(0, 3), 1),
        };
      }),
    pooled: () => byGroup((group) => at(`extra.pooled.${group}`)),
    read: () => byName(Object.keys(loss.reads ?? {}), readOf),
    example: () => constant(examplesOf(test), [batch], "int64"),
    logitBias: () => at("extra.logitBias"),
    frozen: () => teacher("frozen"),
    averaged: () => teacher("averaged"),
  };
  return loss.compute({
    image: at("image"),
    images: byName(Object.keys(pictures), (name) => ({
      embeddings: at(`images.${name}`),
      present: filled(presentPictures[name], [batch, pictures[name]!], 1),
    })),
    text: byGroup((name) => at(`text.${name}`)),
    extra: byName(loss.extras ?? [], (name) => extraOf[name]()) as unknown as LossExtras<string>,
    step: constant([0], [], dtype),
    epoch: constant([0], [], dtype),
    parameters: byName(Object.keys(loss.parameters ?? {}), (own) => at(`parameters.${own}`)),
    present: byGroup((name) => filled(present[name], [batch, groups[name]!], 1)),
    identity: {
      picture: different([batch]),
      text: byGroup((name) => different([batch, groups[name]!])),
    },
    logitScale: exp(at(LOG_SCALE)),
    state: Object.fromEntries(
      Object.entries(loss.state ?? {}).map(([name, each]) => [
        name,
        filled(state[name], stateShape(each, groups), each.initial),
      ]),
    ),
  });
}

/** The rows' examples: those given, or one after another. */
function examplesOf({ batch, examples }: SizedTest): readonly number[] {
  const found = examples ?? Array.from({ length: batch }, (_, i) => i);
  if (found.length === batch && found.every((each) => Number.isSafeInteger(each) && each >= 0)) {
    return found;
  }
  throw new RangeError(
    `testLoss: examples: expected ${batch} indices from 0, found ${found.join(", ") || "none"}`,
  );
}

function byName<Name extends string, T>(
  names: readonly Name[],
  make: (name: Name) => T,
): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, T>;
}
