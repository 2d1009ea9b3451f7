import { cast } from "../../core/graph/cast.ts";
import { equal, greater, where } from "../../core/graph/comparison.ts";
import { gather } from "../../core/graph/indexing.ts";
import { reshape } from "../../core/graph/linear.ts";
import { applySingle, constant, indices, input, scalar } from "../../core/graph/node.ts";
import { argmax } from "../../core/graph/reduce.ts";
import { concat } from "../../core/graph/shape.ts";
import type { Shape, Tensor } from "../../core/graph/tensor.ts";
import { topologicalOrder } from "../../core/graph/topology.ts";
import type { DualEncoder, ParameterLookup, TextTower } from "../../core/model.ts";

/** Texts as they come, and as a text tower takes them. */
export interface GivenTexts {
  /** The input, `[length, tokens]` int64; fewer tokens may be given. */
  readonly given: Tensor;
  /** `[length, context]` */
  readonly ids: Tensor;
  /** `[length]`: where each text ends. */
  readonly end: Tensor;
}

/**
 * The ids that a text tower takes, of those that tokenizers of other programs give by the same files:
 * filled with padding, with the ids that the model's own tokenizer has in the place of others, and
 * where padding is told by where the text ends, with the model's own behind it.
 */
export function givenTexts(
  { text, tokenizer }: DualEncoder,
  length: number,
  parameter: ParameterLookup,
): GivenTexts {
  const { padding, changes } = tokenizer;
  const context = text.contextLength;
  const places = context - (changes?.last === undefined ? 0 : 1);
  const given = input("input_ids", "int64", [length, places]);
  let ids = filled(given, padding);
  for (const [from, to] of changes?.replaced ?? []) {
    ids = where(equal(ids, scalar(from, "int64")), scalar(to, "int64"), ids);
  }
  if (changes?.last !== undefined) {
    ids = padded(ids, indices([0, 0, 0, 1]), changes.last, [length, context]);
  }
  const sample = tokenizer.encode("a", context);
  if (sample.length === context || !hangsOnEnd(text, length, parameter)) {
    const end = constant(new Array<number>(length).fill(context - 1), [length], "int64");
    return { given, ids, end };
  }
  const end = argmax(cast(equal(ids, scalar(sample.at(-1)!, "int64")), "int64"), 1);
  if (text.prefixes !== undefined) return { given, ids, end };
  const place = indices(Array.from({ length: context }, (_, i) => i));
  const isBehind = greater(reshape(place, [1, context]), reshape(end, [length, 1]));
  return { given, ids: where(isBehind, scalar(padding, "int64"), ids), end };
}

/** Texts of any length up to that of the input; of a longer one an index of the table is refused. */
function filled(given: Tensor, padding: number): Tensor {
  const [length, places] = given.shape as readonly [number, number];
  const tokens = applySingle("Shape", [given], {
    ...{ dtype: "int64", shape: [1] },
    attributes: { start: { int: 1 }, end: { int: 2 } },
  });
  const missing = indices(Array.from({ length: places + 1 }, (_, i) => places - i));
  const pads = concat([indices([0, 0, 0]), gather(missing, tokens)], 0);
  return padded(given, pads, padding, [length, places]);
}

function padded(ids: Tensor, pads: Tensor, value: number, shape: Shape): Tensor {
  return applySingle("Pad", [ids, pads, scalar(value, "int64")], {
    ...{ dtype: "int64", shape },
    attributes: { mode: { string: "constant" } },
  });
}

/** Whether a text tower looks at where its texts end, and not at the ids alone. */
function hangsOnEnd(text: TextTower, length: number, parameter: ParameterLookup): boolean {
  const ids = input("ids", "int64", [length, text.contextLength]);
  const end = input("end", "int64", [length]);
  return topologicalOrder([text.encode(ids, end, parameter)]).includes(end.node);
}
