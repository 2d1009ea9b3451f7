import { concat, slice } from "../../core/graph/shape.ts";
import type { Tensor } from "../../core/graph/tensor.ts";

/**
 * A graph of a fixed batch, for any: once for each part of as many rows. What is missing in the last part
 * are its last rows once more, and their results are left out.
 *
 * @param batch Rows of the graph; undefined where it takes any number.
 * @param inputs Each with the rows as first axis.
 */
export function inParts(
  batch: number | undefined,
  inputs: readonly Tensor[],
  graph: (...inputs: Tensor[]) => Tensor,
): Tensor {
  const rows = inputs[0]!.shape[0]!;
  if (batch === undefined || batch === rows) return graph(...inputs);
  const parts: Tensor[] = [];
  for (let start = 0; start < rows; start += batch) {
    const end = Math.min(rows, start + batch);
    const part = inputs.map((each) => filled(slice(each, { axis: 0, start, end }), batch));
    const result = graph(...part);
    parts.push(
      end - start === batch ? result : slice(result, { axis: 0, start: 0, end: end - start }),
    );
  }
  return concat(parts, 0);
}

function filled(part: Tensor, batch: number): Tensor {
  const rows = part.shape[0]!;
  const last = slice(part, { axis: 0, start: rows - 1, end: rows });
  return concat([part, ...Array.from({ length: batch - rows }, () => last)], 0);
}
