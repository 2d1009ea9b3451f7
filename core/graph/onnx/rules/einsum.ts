import { mul } from "../../elementwise.ts";
import { matmul, reshape, sum, transpose } from "../../linear.ts";
import { sizeOf } from "../../node.ts";
import type { Tensor } from "../../tensor.ts";

/** A tensor whose axes have letters. */
interface Lettered {
  readonly tensor: Tensor;
  readonly letters: readonly string[];
}

/**
 * Sums of products by Einstein's convention, two operands at a time as matrix products.
 *
 * @throws {TypeError} if the equation does not fit, or a letter stands twice in one operand.
 */
export function einsum(equation: string, tensors: readonly Tensor[]): Tensor {
  const { terms, result } = parse(equation, tensors);
  const lettered = tensors.map((tensor, i) => lettersFor(tensor, terms[i]!, equation));
  const [first, ...others] = lettered;
  const wantedAfter = (i: number) =>
    new Set([...result, ...lettered.slice(i + 1).flatMap(({ letters }) => letters)]);
  let whole = summed(first!, wantedAfter(0));
  for (const [i, other] of others.entries()) {
    whole = contract(
      whole,
      summed(other, new Set([...whole.letters, ...wantedAfter(i + 1)])),
      wantedAfter(i + 1),
    );
  }
  return transpose(whole.tensor, result.map((letter) => whole.letters.indexOf(letter)));
}

function parse(equation: string, tensors: readonly Tensor[]) {
  const [left, right] = equation.replaceAll(" ", "").split("->") as [string, string?];
  const dots = [..."0123456789"];
  const rank = Math.max(
    0,
    ...left.split(",").map((term, i) =>
      term.includes("...") ? (tensors[i]?.shape.length ?? 0) - term.length + 3 : 0
    ),
  );
  const spread = (term: string, count: number) => {
    const [before, after] = term.split("...") as [string, string?];
    return after === undefined
      ? [...before]
      : [...before, ...dots.slice(rank - count, rank), ...after];
  };
  const terms = left.split(",").map((term, i) =>
    spread(term, Math.max(0, (tensors[i]?.shape.length ?? 0) - term.length + 3))
  );
  if (terms.length !== tensors.length) {
    throw new TypeError(`Einsum: "${equation}" does not name ${tensors.length} operands`);
  }
  const all = terms.flat();
  // Without a right side: what stands once, in the order of the alphabet.
  const single = [...new Set(all)].filter((each) =>
    dots.includes(each) || all.indexOf(each) === all.lastIndexOf(each)
  ).toSorted();
  return { terms, result: right === undefined ? single : spread(right, rank) };
}

function lettersFor(tensor: Tensor, letters: readonly string[], equation: string): Lettered {
  if (letters.length === tensor.shape.length && new Set(letters).size === letters.length) {
    return { tensor, letters };
  }
  throw new TypeError(
    `Einsum: expected a letter of its own for each axis of [${tensor.shape}], found "${equation}"`,
  );
}

/** Without the axes that nobody asks for. */
function summed({ tensor, letters }: Lettered, wanted: ReadonlySet<string>): Lettered {
  const axes = letters.flatMap((letter, axis) => wanted.has(letter) ? [] : [axis]);
  if (axes.length === 0) return { tensor, letters };
  return { tensor: sum(tensor, axes), letters: letters.filter((each) => wanted.has(each)) };
}

function contract(a: Lettered, b: Lettered, wanted: ReadonlySet<string>): Lettered {
  const shared = a.letters.filter((each) => b.letters.includes(each));
  const batch = shared.filter((each) => wanted.has(each));
  const inner = shared.filter((each) => !wanted.has(each));
  const left = a.letters.filter((each) => !shared.includes(each));
  const right = b.letters.filter((each) => !shared.includes(each));
  const lengthOf = (letter: string) =>
    Math.max(
      ...[a, b].map(({ tensor, letters }) => tensor.shape[letters.indexOf(letter)] ?? 1),
    );
  const lengths = (letters: readonly string[]) => letters.map(lengthOf);
  const [x, y] = [
    ordered(a, [...batch, ...left, ...inner]),
    ordered(b, [...batch, ...inner, ...right]),
  ];
  const lead = lengths(batch);
  const letters = [...batch, ...left, ...right];
  if (inner.length === 0) {
    const product = mul(
      reshape(x, [...lead, ...lengths(left), ...right.map(() => 1)]),
      reshape(y, [...lead, ...left.map(() => 1), ...lengths(right)]),
    );
    return { tensor: product, letters };
  }
  const terms = sizeOf(lengths(inner));
  const product = matmul(reshape(x, [...lead, -1, terms]), reshape(y, [...lead, terms, -1]));
  return { tensor: reshape(product, lengths(letters)), letters };
}

function ordered({ tensor, letters }: Lettered, order: readonly string[]): Tensor {
  return transpose(tensor, order.map((letter) => letters.indexOf(letter)));
}
