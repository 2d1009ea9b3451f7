/**
 * The training engine beside the plainest way to train on ONNX Runtime: the text tower of ViT-B/32,
 * loss, gradients and gradient descent in one graph, run by onnxruntime-node's own interface, new
 * parameters coming out and going in again. Batch 16, 77 tokens, 12 layers, width 512, 63 M
 * parameters; every operator composed of ONNX's basic ones, every token computed in every block.
 * `text_tower_bench.ts` times the engine's own step in a process of its own: the two share no
 * threads.
 */
import { matmul, reshape, sum, transpose } from "../core/graph/linear.ts";
import * as ort from "onnxruntime-node";
import { add, mul, neg, sigmoid, sub } from "../core/graph/elementwise.ts";
import { constant, input } from "../core/graph/node.ts";
import { gather } from "../core/graph/indexing.ts";
import { gradient } from "../core/graph/gradient.ts";
import { l2Normalize } from "../core/graph/composite.ts";
import { layerNormalization } from "../core/graph/normalization.ts";
import { logSoftmax, softmax } from "../core/graph/softmax.ts";
import { mean } from "../core/graph/reduce.ts";
import { slice } from "../core/graph/shape.ts";
import type { Tensor } from "../core/graph/tensor.ts";
import { toModel } from "../core/graph/to_model.ts";
import { createRandom } from "../core/random.ts";

const [batch, tokens, width, heads, layers, vocabulary] = [16, 77, 512, 8, 12, 49408];
const depth = width / heads;
const specs = new Map<string, readonly number[]>();

function parameter(name: string, ...shape: number[]): Tensor {
  specs.set(name, shape);
  const tensor = input(name, "float32", shape);
  inputs.push(tensor);
  return tensor;
}
const inputs: Tensor[] = [];

function linear(x: Tensor, name: string, from: number, to: number): Tensor {
  return add(matmul(x, parameter(`${name}.weight`, from, to)), parameter(`${name}.bias`, to));
}

function norm(x: Tensor, name: string): Tensor {
  return layerNormalization(
    x,
    parameter(`${name}.weight`, width),
    parameter(`${name}.bias`, width),
    1e-5,
  );
}

function block(x: Tensor, name: string, mask: Tensor): Tensor {
  const rows = norm(x, `${name}.norm1`);
  const [q, k, v] = ["q", "k", "v"].map((part) =>
    transpose(
      reshape(linear(rows, `${name}.${part}`, width, width), [batch, tokens, heads, depth]),
      [0, 2, 1, 3],
    )
  );
  const scores = mul(matmul(q!, transpose(k!, [0, 1, 3, 2])), depth ** -0.5);
  const mixed = transpose(matmul(softmax(add(scores, mask)), v!), [0, 2, 1, 3]);
  const attended = add(
    x,
    linear(reshape(mixed, [batch, tokens, width]), `${name}.out`, width, width),
  );
  const hidden = linear(norm(attended, `${name}.norm2`), `${name}.up`, width, 4 * width);
  const active = mul(hidden, sigmoid(mul(hidden, 1.702)));
  return add(attended, linear(active, `${name}.down`, 4 * width, width));
}

const ids = input("ids", "int64", [batch, tokens]);
const images = input("images", "float32", [batch, width]);
const mask = constant(
  Float32Array.from(
    { length: tokens * tokens },
    (_, i) => i % tokens > Math.floor(i / tokens) ? -1e9 : 0,
  ),
  [tokens, tokens],
);
let x = add(
  gather(parameter("token", vocabulary, width), ids),
  parameter("position", tokens, width),
);
for (let layer = 0; layer < layers; layer++) x = block(x, `block${layer}`, mask);
const last = slice(norm(x, "final"), { axis: 1, start: tokens - 1, end: tokens });
const text = matmul(reshape(last, [batch, width]), parameter("projection", width, width));
const logits = mul(matmul(l2Normalize(text), transpose(images)), 14);
const diagonal = constant(
  Float32Array.from({ length: batch * batch }, (_, i) => i % (batch + 1) === 0 ? 1 / batch : 0),
  [batch, batch],
);
const loss = neg(sum(mul(logSoftmax(logits), diagonal)));
const gradients = gradient(loss, inputs);
const outputs: Record<string, Tensor> = { loss: mean(loss) };
for (const [i, each] of inputs.entries()) {
  outputs[`new:${[...specs.keys()][i]}`] = sub(each, mul(gradients[i]!, 1e-6));
}
const model = toModel({ inputs: [...inputs, ids, images], outputs });

const random = createRandom(0, "single graph");
let feeds: Record<string, ort.Tensor> = {
  ids: new ort.Tensor(
    "int64",
    BigInt64Array.from({ length: batch * tokens }, () => BigInt(1 + random.integer(49_000))),
    [batch, tokens],
  ),
  images: new ort.Tensor(
    "float32",
    Float32Array.from({ length: batch * width }, () => 0.0442 * (random.coin() ? 1 : -1)),
    [batch, width],
  ),
};
for (const [name, shape] of specs) {
  const size = shape.reduce((a, b) => a * b, 1);
  const scale = name.endsWith("bias") ? 0 : 0.02;
  const values = Float32Array.from(
    { length: size },
    () => /norm\d\.weight|final\.weight/.test(name) ? 1 : scale * (2 * random.next() - 1),
  );
  feeds[name] = new ort.Tensor("float32", values, [...shape]);
}
const session = await ort.InferenceSession.create(model);

async function step(): Promise<void> {
  const results = await session.run(feeds);
  if (!Number.isFinite((results.loss!.data as Float32Array)[0]!)) throw new Error("not finite");
  feeds = { ...feeds };
  for (const name of specs.keys()) feeds[name] = results[`new:${name}`]!;
}

const [rows, inner, columns] = [512, 768, 3072];
const a = input("a", "float32", [rows, inner]);
const b = input("b", "float32", [inner, columns]);
const product = await ort.InferenceSession.create(
  toModel({ inputs: [a, b], outputs: { c: matmul(a, b) } }),
);
const factors = {
  a: new ort.Tensor("float32", new Float32Array(rows * inner).fill(0.5), [rows, inner]),
  b: new ort.Tensor("float32", new Float32Array(inner * columns).fill(0.5), [inner, columns]),
};

const group = "one graph, onnxruntime-node, batch 16";
Deno.bench({ name: "gradient descent, 77 tokens", group, baseline: true, n: 5, warmup: 1 }, step);
Deno.bench({ name: "matrix product of 2.4 GFLOP", group, n: 20, warmup: 3 }, async () => {
  await product.run(factors);
});
