import type { Device } from "../../core/device/device.ts";
import {
  compareGradients,
  type RealType,
  tolerances,
} from "../../core/graph/finite_differences.ts";
import { l2Normalize } from "../../core/graph/composite.ts";
import { exp } from "../../core/graph/elementwise.ts";
import { constant, sizeOf } from "../../core/graph/node.ts";
import type { Shape, Tensor } from "../../core/graph/tensor.ts";
import { openDevice } from "../../core/host/devices/open_device.ts";
import type { AnyLoss, Loss, LossResult } from "../../core/loss.ts";
import { createRandom } from "../../core/random.ts";
import { ownedParameters } from "../../core/training/loop/owned_parameters.ts";
import { stateShape } from "../../core/training/loop/state_shape.ts";

/** The batch that a loss is tested on. All numbers are in row-major order. */
export interface LossBatch<Group extends string> {
  /** `batch × dim` numbers; rows need not be of unit length. */
  readonly image: readonly number[];
  /** `batch × count × dim` numbers for each text group, likewise. */
  readonly text: Readonly<Record<Group, readonly number[]>>;
}

/** What {@linkcode testLoss} is to do. */
export interface LossTest<Group extends string> {
  /** Rows of the batch. */
  readonly batch: number;
  /** Length of an embedding. */
  readonly dim: number;
  /** Texts a row, for each group that the loss needs. */
  readonly groups: Readonly<Record<Group, number>>;
  /** What the embeddings are drawn from where none are given. Default 0. */
  readonly seed?: number;
  /** The embeddings. Default: drawn. */
  readonly embeddings?: LossBatch<Group>;
  /** `batch × count` numbers, 0 where there is no such text. Default: all are there. */
  readonly present?: Readonly<Record<string, readonly number[]>>;
  /** The logit scale. Default 4: with CLIP's 100 most gradients of random embeddings are 0. */
  readonly logitScale?: number;
  /** Values of parameters that the loss owns. Default: those at the start, drawn from the seed. */
  readonly parameters?: Readonly<Record<string, readonly number[]>>;
  /** Values of the loss's state. Default: those at the start. */
  readonly state?: Readonly<Record<string, readonly number[]>>;
  /**
   * The values by hand: of `total`, and of terms by their names; or a function that computes them
   * from the embeddings (of unit length) in another way than the loss does.
   */
  readonly expected?:
    | Readonly<Record<string, number>>
    | ((unit: LossBatch<Group>) => Readonly<Record<string, number>>);
  /** How far a value may be from the one expected, relative to the larger of 1 and it. Default 1e-5. */
  readonly tolerance?: number;
}

/** What a loss came to. */
export interface LossValues {
  /** What is differentiated. */
  readonly total: number;
  /** What is logged beside it. */
  readonly terms: Readonly<Record<string, number>>;
  /** What it was computed in: float32 only where the loss cannot be built or run in float64. */
  readonly precision: "float32" | "float64";
}

/**
 * Tests a loss on the native CPU: its values against those expected, and its gradient by every
 * embedding, by its own parameters and by the logarithm of the logit scale against central finite
 * differences. As in
 * training, embeddings are brought to unit length first, and no two rows or texts are the same.
 *
 * A loss that holds a part of itself constant (`stopGradient`) is meant to differ from its finite
 * differences, and cannot be tested so.
 *
 * @returns the values.
 * @throws {Error} that names the loss, the term or the place in the batch, what was expected and what
 *   was found, if one differs or is not finite.
 * @throws {RangeError} if the test does not fit the loss: groups or names that it has not, or wrong
 *   counts of numbers.
 *
 * @example
 * ```ts
 * import { testLoss } from "@syntagma/syntagma/authoring";
 * import { contrastive } from "@syntagma/syntagma/contrastive";
 *
 * // Each image is its text and at a right angle to the other: log(1 + e⁻²) at a logit scale of 2.
 * const same = [1, 0, 0, 1];
 * await testLoss(contrastive(), {
 *   batch: 2,
 *   dim: 2,
 *   groups: { caption: 1 },
 *   logitScale: 2,
 *   embeddings: { image: same, text: { caption: same } },
 *   expected: { total: Math.log(1 + Math.exp(-2)) },
 * });
 * ```
 */
export async function testLoss<Group extends string>(
  loss: Loss<Group>,
  test: LossTest<Group>,
): Promise<LossValues> {
  const given = checkTest(loss, test);
  const device = await openDevice("cpu");
  try {
    const found = await computeLoss(device, loss, test, given);
    checkValues(loss.name, test, given, found);
    await checkGradient(device, loss, test, given, found.precision);
    return found;
  } finally {
    await device.dispose();
  }
}

/** An input of the graph: its name in messages, its shape and values. */
interface Place {
  readonly name: string;
  readonly shape: Shape;
  readonly values: readonly number[];
}

/** The places of image, texts by group, own parameters and logarithm of the logit scale, in this order. */
function checkTest<Group extends string>(
  loss: Loss<Group>,
  { batch, dim, groups, seed = 0, embeddings, present = {}, state = {}, ...test }: LossTest<Group>,
): readonly Place[] {
  const fail = (what: string, expected: string, found: unknown): never => {
    throw new RangeError(`testLoss of ${loss.name}: ${what}: expected ${expected}, found ${found}`);
  };
  const names = Object.keys(groups).toSorted().join(", ");
  const needs = loss.needs.toSorted().join(", ");
  if (names !== needs) fail("groups", needs, names);
  const { logitScale = 4, parameters = {} } = test;
  if (!(logitScale > 0)) fail("logitScale", "a number above 0", logitScale);
  const place = (name: string, shape: Shape, values: readonly number[] | undefined): Place => {
    const size = sizeOf(shape);
    const random = createRandom(seed, "testLoss", name);
    const filled = values ?? Array.from({ length: size }, () => random.normal());
    if (filled.length !== size) fail(name, `${size} numbers`, filled.length);
    return { name, shape, values: filled };
  };
  for (const [name, values] of Object.entries(present)) {
    const count = (groups as Readonly<Record<string, number>>)[name];
    place(`present.${name}`, [batch, count ?? fail("present", needs, name)], values);
  }
  for (const [name, values] of Object.entries(state)) {
    const each = loss.state?.[name] ?? fail("state", `a name of the loss's state`, name);
    place(`state.${name}`, stateShape(each, groups), values);
  }
  const objective = { name: "testLoss", loss: loss as unknown as AnyLoss };
  const owned = ownedParameters(objective, { dim, text: {} });
  for (const name of Object.keys(parameters)) {
    if (!owned.some(({ own }) => own === name)) {
      fail("parameters", "a name of the loss's own", name);
    }
  }
  return [
    place("image", [batch, dim], embeddings?.image),
    ...loss.needs.map((name) =>
      place(`text.${name}`, [batch, groups[name], dim], embeddings?.text[name])
    ),
    ...owned.map(({ own, shape }) => {
      const random = createRandom(seed, "testLoss", "parameter", own);
      const start = () => [...loss.parameters![own]!.initial(shape, random)];
      return place(`parameters.${own}`, shape, parameters[own] ?? start());
    }),
    { name: "the logarithm of the logit scale", shape: [], values: [Math.log(logitScale)] },
  ];
}

/** Builds the loss on inputs in the order of {@linkcode checkTest}. */
function build<Group extends string>(
  loss: Loss<Group>,
  { batch, groups, present = {}, state = {} }: LossTest<Group>,
  inputs: readonly Tensor[],
): LossResult {
  const [image, ...rest] = inputs as [Tensor, ...Tensor[]];
  const { dtype } = image;
  const logScale = rest.pop()!;
  let count = 0;
  /** So many numbers, all different. */
  const different = (shape: Shape) =>
    constant(Array.from({ length: sizeOf(shape) }, () => count++), shape, dtype);
  const byGroup = <T>(make: (name: Group, index: number) => T) =>
    Object.fromEntries(loss.needs.map((name, i) => [name, make(name, i)])) as Record<Group, T>;
  const filled = (values: readonly number[] | undefined, shape: Shape, fill: number) =>
    constant(values ?? new Array<number>(sizeOf(shape)).fill(fill), shape, dtype);
  return loss.compute({
    image: l2Normalize(image),
    images: {},
    text: byGroup((_, index) => l2Normalize(rest[index]!)),
    extra: {},
    step: constant([0], [], dtype),
    epoch: constant([0], [], dtype),
    parameters: Object.fromEntries(
      Object.keys(loss.parameters ?? {}).map((own, i) => [own, rest[loss.needs.length + i]!]),
    ),
    present: byGroup((name) => filled(present[name], [batch, groups[name]], 1)),
    identity: {
      picture: different([batch]),
      text: byGroup((name) => different([batch, groups[name]])),
    },
    logitScale: exp(logScale),
    state: Object.fromEntries(
      Object.entries(loss.state ?? {}).map(([name, each]) => [
        name,
        filled(state[name], stateShape(each, groups), each.initial),
      ]),
    ),
  });
}

async function computeLoss<Group extends string>(
  device: Device,
  loss: Loss<Group>,
  test: LossTest<Group>,
  given: readonly Place[],
): Promise<LossValues> {
  const compute = async (precision: RealType): Promise<LossValues> => {
    const inputs = given.map(({ shape, values }) => constant(values, shape, precision));
    const { total, terms } = build(loss, test, inputs);
    if (total.shape.length > 0) {
      throw new TypeError(`${loss.name}: expected a scalar, found [${total.shape.join(", ")}]`);
    }
    const names = Object.keys(terms);
    const outputs = Object.fromEntries(names.map((name) => [`term ${name}`, terms[name]!]));
    const program = await device.compile({ inputs: [], outputs: { total, ...outputs } });
    const found = await program.run({});
    const read = async (name: string) => Number((await found[name]!.read())[0]);
    const values = { total: await read("total"), terms: {} as Record<string, number>, precision };
    for (const name of names) values.terms[name] = await read(`term ${name}`);
    for (const tensor of Object.values(found)) tensor.dispose();
    await program.dispose();
    return values;
  };
  try {
    return await compute("float64");
  } catch {
    // It makes float32 of something, or an operator has no kernel for float64. If the fault is
    // another, this throws it again.
    return await compute("float32");
  }
}

function checkValues<Group extends string>(
  name: string,
  { expected = {}, tolerance = 1e-5 }: LossTest<Group>,
  given: readonly Place[],
  { total, terms }: LossValues,
): void {
  const found: Readonly<Record<string, number>> = { ...terms, total };
  for (const [term, value] of Object.entries(found)) {
    if (!Number.isFinite(value)) {
      throw new Error(`${name}: ${term}: expected a finite number, found ${value}`);
    }
  }
  const hand = typeof expected === "function" ? expected(unitBatch(given)) : expected;
  for (const [term, value] of Object.entries(hand)) {
    const have = found[term];
    if (have === undefined) {
      const names = Object.keys(found).join(", ");
      throw new RangeError(`testLoss of ${name}: expected: one of ${names}, found ${term}`);
    }
    if (!(Math.abs(have - value) <= tolerance * Math.max(1, Math.abs(value)))) {
      throw new Error(`${name}: ${term}: expected ${value}, found ${have}`);
    }
  }
}

async function checkGradient<Group extends string>(
  device: Device,
  loss: Loss<Group>,
  test: LossTest<Group>,
  given: readonly Place[],
  precision: RealType,
): Promise<void> {
  const [comparison] = await compareGradients(device, [{
    name: loss.name,
    shapes: given.map(({ shape }) => shape),
    values: given.map(({ values }) => values),
    f: (...inputs) => build(loss, test, inputs).total,
  }], precision);
  const { analytic, numeric } = comparison!;
  const scale = Math.max(1, ...numeric.map(Math.abs));
  let index = 0;
  for (const { name, shape } of given) {
    for (let i = 0; i < sizeOf(shape); i++, index++) {
      const [found, expected] = [analytic[index]!, numeric[index]!];
      if (Math.abs(found - expected) <= tolerances[precision] * scale) continue;
      const where = shape.length === 0 ? name : `${name}[${indexOf(i, shape).join(", ")}]`;
      throw new Error(
        `${loss.name}: gradient of the total by ${where}: expected ${expected} by finite ` +
          `differences, found ${found}`,
      );
    }
  }
}

/** The embeddings of unit length. */
function unitBatch<Group extends string>(given: readonly Place[]): LossBatch<Group> {
  const unit = ({ shape, values }: Place): number[] => {
    const dim = shape.at(-1)!;
    return values.map((value, i) => {
      const start = i - i % dim;
      return value / Math.hypot(...values.slice(start, start + dim));
    });
  };
  const [image, ...texts] = given.filter(({ name }) =>
    name === "image" || name.startsWith("text.")
  );
  const text = Object.fromEntries(
    texts.map((each) => [each.name.slice("text.".length), unit(each)]),
  );
  return { image: unit(image!), text: text as Record<Group, number[]> };
}

function indexOf(place: number, shape: Shape): number[] {
  const index: number[] = [];
  for (const length of shape.toReversed()) {
    index.unshift(place % length);
    place = Math.floor(place / length);
  }
  return index;
}
