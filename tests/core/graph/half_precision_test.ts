import { expect } from "expect";
import { add, exp, mul } from "../../../core/graph/elementwise.ts";
import { inHalf } from "../../../core/graph/half_precision.ts";
import { gemm, matmul, reshape, sum, transpose } from "../../../core/graph/linear.ts";
import { constant, input, ones } from "../../../core/graph/node.ts";
import { layerNormalization } from "../../../core/graph/normalization.ts";
import { softmax } from "../../../core/graph/softmax.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import { nodeOperators } from "../../helpers/onnx_inspection.ts";

const a = input("a", "float32", [4, 6]);
const b = input("b", "float32", [6, 5]);
const c = input("c", "float32", [4, 5]);
const bias = input("bias", "float32", [5]);

const half = (y: Tensor) => inHalf([y])[0]!;

/** The type that the first node of an operator gives. */
function typeOf(op: string, y: Tensor): string | undefined {
  const open = [half(y)];
  for (let tensor = open.pop(); tensor !== undefined; tensor = open.pop()) {
    if (tensor.node.op === op) return tensor.dtype;
    open.push(...tensor.node.inputs.filter((each) => each !== undefined));
  }
  return undefined;
}

Deno.test("inHalf: products are float16, and what follows them while all of it is", () => {
  const product = gemm(a, b, bias);
  expect(half(product).dtype).toBe("float32");
  expect(typeOf("Gemm", product)).toBe("float16");
  expect(typeOf("MatMul", matmul(a, b))).toBe("float16");
  expect(typeOf("Mul", mul(product, product))).toBe("float16");
  expect(typeOf("Transpose", transpose(reshape(product, [2, 2, 5])))).toBe("float16");
  // A number takes the type of what it meets, where it has room in it.
  expect(typeOf("Mul", mul(product, 0.125))).toBe("float16");
  expect(typeOf("Add", add(product, -1e9))).toBe("float32");
  // One float32 tensor makes all of it float32: the residual way, a mask.
  expect(typeOf("Add", add(product, c))).toBe("float32");
  expect(typeOf("Add", add(product, constant(new Array(20).fill(0), [4, 5])))).toBe("float32");
});

Deno.test("inHalf: norms, softmax, sums and exponentials are float32", () => {
  const product = gemm(a, b);
  expect(typeOf("Softmax", softmax(product))).toBe("float32");
  expect(typeOf("Exp", exp(product))).toBe("float32");
  expect(typeOf("ReduceSum", sum(product, [1]))).toBe("float32");
  expect(typeOf("LayerNormalization", layerNormalization(product, bias, bias))).toBe("float32");
  // A sum that is written as a product with ones is a sum still.
  expect(typeOf("Gemm", gemm(ones([1, 4]), c))).toBe("float32");
});

Deno.test("inHalf: a product onto a sum leaves the sum in float32, and is cut where it is long", () => {
  const onto = half(gemm(a, b, c));
  expect([onto.node.op, onto.dtype]).toEqual(["Add", "float32"]);
  expect(onto.node.inputs).toContain(c);
  const [long, wide] = [input("x", "float32", [3000, 4]), input("y", "float32", [3000, 5])];
  const gradient = half(gemm(long, wide, c, { transposeA: true }));
  const operators = nodeOperators({ inputs: [long, wide, c], outputs: { gradient } });
  expect(operators.filter((op) => op === "Gemm").length).toBe(3);
});

Deno.test("inHalf: what has no product stays as it was, and float16 is not cast to and fro", () => {
  const y = softmax(add(c, bias));
  expect(half(y)).toBe(y);
  const twice = half(matmul(matmul(a, b), transpose(matmul(a, b))));
  const casts = nodeOperators({ inputs: [a, b], outputs: { twice } })
    .filter((op) => op === "Cast");
  // The two inputs, and the result.
  expect(casts.length).toBe(3);
});
