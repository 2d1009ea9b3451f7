/**
 * Places of extremes, and branches.
 *
 * @module
 */
import { gatherElements } from "../../element_indexing.ts";
import { reshape } from "../../linear.ts";
import { apply, indices, normalizeAxis } from "../../node.ts";
import { isFloating } from "../../operand.ts";
import type { Rule, Rules } from "../call.ts";
import { plain } from "./plain.ts";

const extremePlace: Rule = ({ op, input, int }) => {
  const x = input(0);
  const axis = normalizeAxis(op, int("axis", 0), x.shape.length);
  const isKept = int("keepdims", 1) === 1;
  // In the form of the graph's own, which the checks of positions know.
  const places = plain(op, [x], {
    dtype: "int64",
    shape: x.shape.filter((_, i) => i !== axis),
    attributes: {
      axis: { int: axis },
      keepdims: { int: 0 },
      ...(int("select_last_index", 0) === 1 ? { select_last_index: { int: 1 } } : {}),
    },
  });
  return isKept ? reshape(places, x.shape.with(axis, 1)) : places;
};

/** ArgMax, ArgMin, TopK and If. */
export const choosingRules: Rules = {
  ArgMax: extremePlace,
  ArgMin: extremePlace,
  TopK: ({ op, input, known, int }) => {
    const x = input(0);
    const count = known(1, "a number")[0]!;
    const axis = normalizeAxis(op, int("axis", -1), x.shape.length);
    const shape = x.shape.with(axis, count);
    const [largest, places] = apply(op, [x, indices([count])], {
      attributes: {
        axis: { int: axis },
        largest: { int: int("largest", 1) },
        sorted: { int: int("sorted", 1) },
      },
      outputs: [{ dtype: x.dtype, shape }, { dtype: "int64", shape }],
    });
    return [isFloating(x.dtype) ? gatherElements(x, places!, axis) : largest, places];
  },
  If: ({ known, branch }) => {
    const isTrue = known(0, "a condition")[0] !== 0;
    const branches = [branch("then_branch"), branch("else_branch")];
    return branches[isTrue ? 0 : 1]!();
  },
};
