import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import type { AnyLoss, Loss } from "../../../core/loss.ts";
import { lossPart, summedLosses } from "../../../plugins/contrastive/summed_losses.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";

/** A loss that is a number, and another one when it has been made ready. */
function numberLoss<Group extends string>(
  group: Group,
  value: number,
  ready: number,
  own: Partial<Loss<Group>> = {},
): Loss<Group> {
  const loss: Loss<Group> = {
    name: `is${value}`,
    options: {},
    needs: [group],
    ...own,
    prepare: () => Promise.resolve(numberLoss(group, ready, ready, own)),
    compute: () => {
      const total = constant([value], []);
      return { total, terms: { [group]: total }, state: { [group]: total } };
    },
    with: () => loss,
  };
  return loss;
}

const parameter = { shape: [1], initial: () => Float32Array.of(0) };

Deno.test("summedLosses: asks for what its parts ask for, is their sum by weights, ready too", async () => {
  const sum = (): Loss<"a" | "b"> => {
    const members = summedLosses<"a" | "b", never, never>(sum, [
      lossPart(numberLoss("a", 2, 20, { parameters: { p: parameter } })),
      lossPart(numberLoss("b", 3, 30, { parameters: { q: parameter } }), 0.5),
    ]);
    const whole: Loss<"a" | "b"> = { name: "sum", options: {}, with: () => whole, ...members };
    return whole;
  };
  const whole = sum();
  expect(whole.needs).toEqual(["a", "b"]);
  expect(Object.keys(whole.parameters!)).toEqual(["p", "q"]);
  const of = async (loss: Loss<"a" | "b">) => {
    const { total, terms, state } = (loss as unknown as AnyLoss)
      .compute({} as Parameters<AnyLoss["compute"]>[0]);
    expect([Object.keys(terms), Object.keys(state!)]).toEqual([["a", "b"], ["a", "b"]]);
    return (await evaluateGraph(total))[0];
  };
  expect(await of(whole)).toBe(3.5);
  const context = {} as Parameters<NonNullable<AnyLoss["prepare"]>>[0];
  const ready = await whole.prepare!(context);
  expect([ready.name, await of(ready)]).toEqual(["sum", 35]);
});

Deno.test("summedLosses: refuses two parts with parameters of one name", () => {
  const part = () => lossPart(numberLoss("a", 1, 1, { parameters: { p: parameter } }));
  expect(() => summedLosses<"a", never, never>(() => numberLoss("a", 1, 1), [part(), part()]))
    .toThrow(/is1 \+ is1: expected parameters of different names, found "p" twice/);
});
