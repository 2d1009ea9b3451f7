/**
 * Linear layers with adapters, as graphs.
 *
 * @module
 */
import { add, div, mul, sqrt, square, stopGradient } from "../../core/graph/elementwise.ts";
import { expand, gemm, matmul, reshape, sum } from "../../core/graph/linear.ts";
import { zeros } from "../../core/graph/node.ts";
import { concat, pad, slice } from "../../core/graph/shape.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { LinearProduct, ParameterLookup } from "../../core/model.ts";
import { type Adapter, adapterNames } from "./adapter.ts";

/**
 * A lookup by which towers compute with adapters. In linear layers inputs go through both small
 * matrices beside the weight, which then needs no gradient: `x·Wᵀ + s·(x·Aᵀ)·Bᵀ`. Wherever else a
 * weight is looked up it is the changed one.
 */
export function adaptedLookup(adapters: readonly Adapter[]): (
  parameter: ParameterLookup,
) => ParameterLookup {
  const byWeight = Map.groupBy(adapters, ({ weight }) => weight);
  return (parameter) => {
    const lookup = (name: string) =>
      (byWeight.get(name) ?? []).reduce(
        (weight, adapter) => changedWeight(weight, adapter, parameter),
        parameter(name),
      );
    const layer = (x: Tensor, product: LinearProduct) => {
      const own = byWeight.get(product.weight);
      return own === undefined
        ? parameter.layer?.(x, product)
        : adaptedProduct(x, product, own, parameter);
    };
    return Object.assign(lookup, { layer });
  };
}

function adaptedProduct(
  x: Tensor,
  { weight, outputs, bias }: LinearProduct,
  adapters: readonly Adapter[],
  parameter: ParameterLookup,
): Tensor {
  const matrix = parameter(weight);
  const wanted = outputs ?? [0, matrix.shape[0]!] as const;
  const [first] = adapters;
  if (first!.dora) return doraProduct(x, { matrix, wanted, bias, adapter: first! }, parameter);
  const plain = gemm(x, rowsOf(matrix, wanted), bias, { transposeB: true });
  const changes = adapters.flatMap((adapter) => {
    const start = Math.max(wanted[0], adapter.outputs[0]);
    const end = Math.min(wanted[1], adapter.outputs[1]);
    if (start >= end) return [];
    const { down, up } = adapterNames(adapter.module);
    const own = [start - adapter.outputs[0], end - adapter.outputs[0]] as const;
    const scaled = mul(rowsOf(parameter(up), own), adapter.scaling);
    return [{ start, end, inner: gemm(x, parameter(down), undefined, T), scaled }];
  }).toSorted((a, b) => a.start - b.start);
  if (changes.length === 0) return plain;
  const [change] = changes;
  if (change!.start === wanted[0] && change!.end === wanted[1]) {
    return gemm(change!.inner, change!.scaled, plain, T);
  }
  const columns: Tensor[] = [];
  let at = wanted[0];
  const fillTo = (end: number) => {
    if (end > at) columns.push(expand(zeros([1, 1]), [x.shape[0]!, end - at]));
  };
  for (const { start, end, inner, scaled } of changes) {
    fillTo(start);
    columns.push(gemm(inner, scaled, undefined, T));
    at = end;
  }
  fillTo(wanted[1]);
  return add(plain, concat(columns, 1));
}

const T = { transposeB: true } as const;

/** `m/‖W + s·B·A‖ · (x·(W + s·B·A)ᵀ) + bias`, the length without gradient (Liu et al. 2024, 4.3). */
function doraProduct(
  x: Tensor,
  { matrix, wanted, bias, adapter }: {
    readonly matrix: Tensor;
    readonly wanted: readonly [number, number];
    readonly bias: Tensor | undefined;
    readonly adapter: Adapter;
  },
  parameter: ParameterLookup,
): Tensor {
  const names = adapterNames(adapter.module);
  const [weight, up, magnitude] = [matrix, parameter(names.up), parameter(names.magnitude)]
    .map((each) => rowsOf(each, wanted)) as [Tensor, Tensor, Tensor];
  const down = parameter(names.down);
  const scaled = mul(up, adapter.scaling);
  const product = gemm(gemm(x, down, undefined, T), scaled, gemm(x, weight, undefined, T), T);
  const turned = mul(product, div(magnitude, lengths(weight, down, scaled)));
  return bias === undefined ? turned : add(turned, bias);
}

/**
 * `‖W + B·A‖` of each row, of `B` with its factor; without the whole of `B·A`:
 * `‖W‖² + 2·⟨W·Aᵀ, B⟩ + ⟨B·(A·Aᵀ), B⟩`.
 */
function lengths(weight: Tensor, down: Tensor, up: Tensor): Tensor {
  const own = sum(square(weight), [1]);
  const mixed = sum(mul(gemm(weight, down, undefined, T), up), [1]);
  const added = sum(mul(matmul(up, gemm(down, down, undefined, T)), up), [1]);
  return stopGradient(sqrt(add(add(own, mul(mixed, 2)), added)));
}

function changedWeight(weight: Tensor, adapter: Adapter, parameter: ParameterLookup): Tensor {
  const { outputs: [start, end], scaling, dora, module } = adapter;
  const { down, up, magnitude } = adapterNames(module);
  const scaled = mul(parameter(up), scaling);
  const change = matmul(scaled, parameter(down));
  const [before, after] = [start, weight.shape[0]! - end];
  const changed = add(weight, pad(change, { axis: 0, before, after }));
  if (!dora) return changed;
  const factors = div(parameter(magnitude), lengths(weight, parameter(down), scaled));
  return mul(changed, reshape(factors, [-1, 1]));
}

function rowsOf(x: Tensor, [start, end]: readonly [number, number]): Tensor {
  return slice(x, { axis: 0, start, end });
}
