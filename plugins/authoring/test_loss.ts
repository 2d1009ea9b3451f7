import type { Device } from "../../core/device/device.ts";
import {
  compareGradients,
  type RealType,
  tolerances,
} from "../../core/graph/finite_differences.ts";
import { constant, sizeOf } from "../../core/graph/node.ts";
import type { Shape } from "../../core/graph/tensor.ts";
import { openDevice } from "../../core/host/devices/open_device.ts";
import type { AnyLoss, Loss, LossExtra } from "../../core/loss.ts";
import type { LossBatch, LossTest } from "./loss_batch.ts";
import { lossGraph } from "./loss_graph.ts";
import { lossPlaces, type Place } from "./loss_places.ts";
import { type SizedTest, sizedTest } from "./sized_test.ts";

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
 * embedding, by what else it asks for, by its own parameters and by the logarithm of the logit scale
 * against central finite differences. As in training, embeddings are brought to unit length first, no
 * two rows or texts are the same, and no gradient flows into what another model says (`frozen`,
 * `averaged`).
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
 *   dim: 2,
 *   logitScale: 2,
 *   embeddings: { image: same, text: { caption: same } },
 *   expected: { total: Math.log(1 + Math.exp(-2)) },
 * });
 * ```
 */
export async function testLoss<
  Group extends string,
  Picture extends string = never,
  Extra extends LossExtra = never,
>(
  loss: Loss<Group, Picture, Extra>,
  test: LossTest<Group, Picture> = {},
): Promise<LossValues> {
  // Names are compared when the places are made, and may be forgotten here.
  const any = loss as unknown as AnyLoss;
  const batch = sizedTest(any, test as unknown as LossTest<string, string>);
  const places = lossPlaces(any, batch);
  const device = await openDevice("cpu");
  try {
    const found = await computeLoss(device, any, batch, places);
    checkValues(loss.name, batch, places, found);
    await checkGradient(device, any, batch, places, found.precision);
    return found;
  } finally {
    await device.dispose();
  }
}

async function computeLoss(
  device: Device,
  loss: AnyLoss,
  test: SizedTest,
  places: readonly Place[],
): Promise<LossValues> {
  const compute = async (precision: RealType): Promise<LossValues> => {
    const inputs = free(places).map(({ shape, values }) => constant(values, shape, precision));
    const { total, terms } = lossGraph(loss, test, places, inputs);
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

function checkValues(
  name: string,
  { expected = {}, tolerance = 1e-5 }: SizedTest,
  places: readonly Place[],
  { total, terms }: LossValues,
): void {
  const found: Readonly<Record<string, number>> = { ...terms, total };
  for (const [term, value] of Object.entries(found)) {
    if (!Number.isFinite(value)) {
      throw new Error(`${name}: ${term}: expected a finite number, found ${value}`);
    }
  }
  const hand = typeof expected === "function" ? expected(unitBatch(places)) : expected;
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

async function checkGradient(
  device: Device,
  loss: AnyLoss,
  test: SizedTest,
  places: readonly Place[],
  precision: RealType,
): Promise<void> {
  const given = free(places);
  const [comparison] = await compareGradients(device, [{
    name: loss.name,
    shapes: given.map(({ shape }) => shape),
    values: given.map(({ values }) => values),
    f: (...inputs) => lossGraph(loss, test, places, inputs).total,
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

/** What the loss is differentiated by. */
function free(places: readonly Place[]): readonly Place[] {
  return places.filter(({ fixed }) => !fixed);
}

/** The batch as the loss sees it, embeddings of unit length. */
function unitBatch(places: readonly Place[]): LossBatch<string, string> {
  const within = (part: string) =>
    Object.fromEntries(
      places.filter(({ name }) => name.startsWith(part)).map((place) => [
        place.name.slice(part.length),
        seen(place),
      ]),
    );
  return {
    image: seen(places.find(({ name }) => name === "image")!),
    images: within("images."),
    text: within("text."),
    extra: within("extra."),
  };
}

function seen({ shape, values, unit }: Place): readonly number[] {
  if (!unit) return values;
  const dim = shape.at(-1)!;
  return values.map((value, i) => {
    const start = i - i % dim;
    return value / Math.hypot(...values.slice(start, start + dim));
  });
}

function indexOf(place: number, shape: Shape): number[] {
  const index: number[] = [];
  for (const length of shape.toReversed()) {
    index.unshift(place % length);
    place = Math.floor(place / length);
  }
  return index;
}
