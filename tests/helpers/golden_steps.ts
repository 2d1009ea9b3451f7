import { expect } from "expect";
import { gradient } from "../../core/graph/gradient.ts";
import { input, sizeOf } from "../../core/graph/node.ts";
import { openDevice } from "../../core/host/devices/open_device.ts";
import type { AnyLoss } from "../../core/loss.ts";
import type { LossTest } from "../../plugins/authoring/loss_batch.ts";
import { lossGraph } from "../../plugins/authoring/loss_graph.ts";
import { LOG_SCALE, lossPlaces } from "../../plugins/authoring/loss_places.ts";
import { sizedTest } from "../../plugins/authoring/sized_test.ts";
import { relativeDifference } from "./compare.ts";

/** What another program made of a loss: a batch, and three steps down its gradient. */
export interface GoldenCase extends LossTest<string, string> {
  readonly batch: number;
  readonly dim: number;
  readonly groups: Readonly<Record<string, number>>;
  /** The loss's options. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly steps: readonly GoldenStep[];
}

interface GoldenStep {
  readonly total: number;
  readonly terms: Readonly<Record<string, number>>;
  /** By the names of the places, `scale` for the logarithm of the logit scale. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

/** A golden file of `tests/golden/methods`. */
export interface GoldenFile {
  /** How far a step goes along the gradient. */
  readonly rate: number;
  /** The texts that a loss reads by itself, where it does. */
  readonly texts?: readonly string[];
  readonly cases: readonly GoldenCase[];
}

/** Reads a golden file of `tests/golden/methods`. */
export function readGolden(name: string): GoldenFile {
  const file = new URL(`../golden/methods/${name}.json`, import.meta.url);
  return JSON.parse(Deno.readTextFileSync(file));
}

/**
 * Holds totals, terms and gradients of a loss in float64 against those of another program, over steps
 * that follow this loss's own gradient: what differs in one step shows in all that come after.
 */
export async function expectSteps(
  make: (options: Readonly<Record<string, unknown>>) => unknown,
  { rate, cases }: GoldenFile,
  most = 1e-6,
): Promise<void> {
  expect(cases.length).toBeGreaterThan(0);
  const device = await openDevice("cpu");
  try {
    for (const { options, steps, ...given } of cases) {
      expect(steps.length).toBe(3);
      const loss = await make(options) as AnyLoss;
      const test = sizedTest(loss, given);
      const places = lossPlaces(loss, test);
      const free = places.filter(({ fixed }) => !fixed);
      const inputs = free.map(({ name, shape }) => input(name, "float64", shape));
      const { total, terms } = lossGraph(loss, test, places, inputs);
      const arrived = gradient(total, inputs);
      const program = await device.compile({
        inputs,
        outputs: {
          total,
          ...Object.fromEntries(Object.entries(terms).map(([key, term]) => [`term ${key}`, term])),
          ...Object.fromEntries(free.map(({ name }, i) => [`by ${name}`, arrived[i]!])),
        },
      });
      let values = free.map((place) => Float64Array.from(place.values));
      for (const [step, golden] of steps.entries()) {
        const found = await program.run(Object.fromEntries(
          free.map(({ name, shape }, i) => [name, device.upload(values[i]!, shape, "float64")]),
        ));
        const read = async (key: string) => Array.from(await found[key]!.read(), Number);
        const compare = async (key: string, expected: readonly number[]) => {
          const difference = relativeDifference(await read(key), expected);
          expect({ step, key, close: difference < most }).toEqual({ step, key, close: true });
        };
        await compare("total", [golden.total]);
        for (const [key, term] of Object.entries(golden.terms)) {
          await compare(`term ${key}`, [term]);
        }
        const names = free.map(({ name }) => name === LOG_SCALE ? "scale" : name);
        expect(Object.keys(golden.gradients).toSorted()).toEqual(names.toSorted());
        const gradients: number[][] = [];
        for (const [i, { name, shape }] of free.entries()) {
          await compare(`by ${name}`, golden.gradients[names[i]!]!);
          gradients.push(await read(`by ${name}`));
          expect(gradients[i]!.length).toBe(sizeOf(shape));
        }
        values = values.map((row, i) => row.map((value, k) => value - rate * gradients[i]![k]!));
      }
      await program.dispose();
    }
  } finally {
    await device.dispose();
  }
}
