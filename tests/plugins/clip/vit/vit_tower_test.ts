import { expect } from "expect";
import { constant } from "../../../../core/graph/node.ts";
import { createRandom } from "../../../../core/random.ts";
import {
  convolutionalStem,
  convolutionalStemShapes,
} from "../../../../plugins/clip/vit/convolutional_stem.ts";
import { latentPool } from "../../../../plugins/clip/vit/latent_pool.ts";
import { siglipNames } from "../../../../plugins/clip/vit/siglip_names.ts";
import { timmConfig } from "../../../../plugins/clip/vit/timm_config.ts";
import { timmNames } from "../../../../plugins/clip/vit/timm_names.ts";
import { vitShapes } from "../../../../plugins/clip/vit/vit_shapes.ts";
import { relativeDifference } from "../../../helpers/compare.ts";
import { evaluateGraph } from "../../../helpers/evaluate_graph.ts";

const random = createRandom(4);
const drawn = (shape: readonly number[]) =>
  constant(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
    shape,
  );

Deno.test("latentPool: a query finds the same in whatever order, by either program's matrices", async () => {
  const width = 8;
  const config = { activation: "gelu", epsilon: 1e-6 } as const;
  const vit = {
    ...timmConfig("vit_base_patch16_siglip_224")!,
    ...{ width, layers: 0, heads: 2, hidden: 16, size: 16, pool: { heads: 2, hidden: 16 } },
  };
  const names = timmNames(vit).pooling;
  const values = new Map(vitShapes(vit, timmNames(vit), width).map(([n, s]) => [n, drawn(s)]));
  const [a, b] = [drawn([1, width]), drawn([1, width])];
  const rows = async (order: readonly ReturnType<typeof drawn>[]) =>
    constant((await Promise.all(order.map(evaluateGraph))).flat(), [order.length, width]);
  const options = { batch: 1, heads: 2, config, parameter: (name: string) => values.get(name)! };
  const found = await evaluateGraph(latentPool(await rows([a, b]), names, options));
  const other = await evaluateGraph(latentPool(await rows([b, a]), names, options));
  expect(relativeDifference(other, found)).toBeLessThan(1e-5);
  // transformers keeps query, key and value in one matrix.
  const [query, rest] = names.attention as readonly [{ weight: string }, { weight: string }];
  const joint = siglipNames.pooling.attention as { weight: string; bias: string };
  const joined = async (kind: "weight" | "bias") => {
    const parts = [query, rest].map((part) => values.get(part.weight.replace("weight", kind))!);
    const flat = (await Promise.all(parts.map(evaluateGraph))).flat();
    return constant(flat, kind === "weight" ? [3 * width, width] : [3 * width]);
  };
  values.set(joint.weight, await joined("weight"));
  values.set(joint.bias, await joined("bias"));
  const same = latentPool(await rows([a, b]), { ...names, attention: joint }, options);
  expect(relativeDifference(await evaluateGraph(same), found)).toBeLessThan(1e-5);
});

Deno.test("convolutionalStem: a patch's row follows from its own pixels alone", async () => {
  const prefix = { weight: "stem" };
  const values = new Map(convolutionalStemShapes(prefix, 8).map(([n, s]) => [n, drawn(s)]));
  for (const [name, tensor] of values) {
    if (name.endsWith("running_var")) values.set(name, constant([0.5, 2], tensor.shape));
  }
  const pixels = Float32Array.from({ length: 3 * 32 * 16 }, () => random.normal());
  const rowsOf = (data: Float32Array) =>
    evaluateGraph(
      convolutionalStem(constant(data, [1, 3, 32, 16]), prefix, (name) => values.get(name)!),
    );
  const before = await rowsOf(pixels);
  expect(before.length).toBe(2 * 8);
  // The lower half of the first channel is the second patch's.
  const changed = pixels.slice().fill(1, 16 * 16, 32 * 16);
  const after = await rowsOf(changed);
  expect(after.slice(0, 8)).toEqual(before.slice(0, 8));
  expect(after.slice(8)).not.toEqual(before.slice(8));
});

Deno.test("timmConfig: SigLIP's activations are those of timm 1.0.31, and other sizes are not known", () => {
  const tanh = [
    ...["base_patch32_siglip_256", "large_patch16_siglip_512", "so400m_patch16_siglip_256"],
    ...["so400m_patch16_siglip_384", "so400m_patch16_siglip_512", "giantopt_patch16_siglip_256"],
    "giantopt_patch16_siglip_384",
  ];
  const exact = [
    ...["base_patch16_siglip_224", "base_patch16_siglip_256", "base_patch16_siglip_384"],
    ...["base_patch16_siglip_512", "large_patch16_siglip_256", "large_patch16_siglip_384"],
    ...["so400m_patch14_siglip_224", "so400m_patch14_siglip_378", "so400m_patch14_siglip_384"],
  ];
  const of = (name: string) => timmConfig(`vit_${name}`)?.activation;
  expect(tanh.map(of)).toEqual(tanh.map(() => "gelu_tanh"));
  expect(exact.map(of)).toEqual(exact.map(() => "gelu"));
  expect(of("base_patch32_siglip_224")).toBeUndefined();
});
