import type { Component } from "../../core/component.ts";
import { add, mul } from "../../core/graph/elementwise.ts";
import type { AnyLoss, Loss, LossExtra } from "../../core/loss.ts";

/** A loss in a sum. It needs these groups and no others. */
export interface LossPart<
  out Group extends string,
  out Picture extends string = never,
  out Extra extends LossExtra = never,
> {
  readonly loss: AnyLoss & { readonly of?: readonly [Group, Picture, Extra] };
  readonly weight: number;
}

/** A loss as part of a sum. */
export function lossPart<
  Group extends string,
  Picture extends string = never,
  Extra extends LossExtra = never,
>(loss: Loss<Group, Picture, Extra>, weight = 1): LossPart<Group, Picture, Extra> {
  // The groups go on in the part's type.
  return { loss: loss as unknown as AnyLoss, weight };
}

/** What a loss has beside its name and options. */
type LossMembers<Group extends string, Picture extends string, Extra extends LossExtra> = Omit<
  Loss<Group, Picture, Extra>,
  keyof Component
>;

/**
 * A loss that is the sum of others by their weights, with the terms of all; for methods that are made
 * of losses that stand by themselves too. It asks for what any of them asks for, and has the parameters
 * and the state of all.
 *
 * @param whole Makes the loss that this becomes, as its parts are made ready.
 * @throws {RangeError} if two parts have a parameter or a state of one name.
 */
export function summedLosses<
  Group extends string,
  Picture extends string,
  Extra extends LossExtra,
>(
  whole: () => Loss<Group, Picture, Extra>,
  parts: readonly LossPart<Group, Picture, Extra>[],
): LossMembers<Group, Picture, Extra> {
  return membersOf(parts, whole as unknown as () => AnyLoss) as unknown as LossMembers<
    Group,
    Picture,
    Extra
  >;
}

type Part = LossPart<string, string, LossExtra>;

function membersOf(
  parts: readonly Part[],
  whole: () => AnyLoss,
): LossMembers<string, string, LossExtra> {
  const losses = parts.map(({ loss }) => loss as AnyLoss);
  const all = <T>(of: (loss: AnyLoss) => readonly T[] | undefined) => [
    ...new Set(losses.flatMap((loss) => of(loss) ?? [])),
  ];
  return {
    needs: all(({ needs }) => needs),
    pictures: all(({ pictures }) => pictures),
    extras: all(({ extras }) => extras),
    reads: joined(losses, "reads"),
    absent: joined(losses, "absent"),
    parameters: joined(losses, "parameters"),
    state: joined(losses, "state"),
    ...(losses.every(({ prepare }) => prepare === undefined) ? {} : {
      prepare: async (context) => {
        const ready: Part[] = [];
        for (const { loss, weight } of parts) {
          ready.push({ loss: await loss.prepare?.(context) ?? loss, weight });
        }
        return { ...whole(), ...membersOf(ready, whole) };
      },
    }),
    compute(context) {
      const results = losses.map((loss) => loss.compute(context));
      const states = results.flatMap(({ state }) => state === undefined ? [] : [state]);
      return {
        total: results.map(({ total }, i) => mul(total, parts[i]!.weight))
          .reduce((sum, each) => add(sum, each)),
        terms: Object.assign({}, ...results.map(({ terms }) => terms)),
        ...(states.length === 0 ? {} : { state: Object.assign({}, ...states) }),
      };
    },
  };
}

/** What the losses have under a name, none of it twice. */
function joined<Name extends "reads" | "absent" | "parameters" | "state">(
  losses: readonly AnyLoss[],
  what: Name,
): NonNullable<AnyLoss[Name]> {
  const found = losses.flatMap((loss) => Object.entries(loss[what] ?? {}));
  const names = found.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return Object.fromEntries(found) as NonNullable<AnyLoss[Name]>;
  throw new RangeError(
    `${losses.map(({ name }) => name).join(" + ")}: expected ${what} of different names, found ` +
      `"${twice}" twice`,
  );
}
