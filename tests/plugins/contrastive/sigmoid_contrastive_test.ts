import { expect } from "expect";
import { l2Normalize } from "../../../core/graph/composite.ts";
import { exp } from "../../../core/graph/elementwise.ts";
import { gradient } from "../../../core/graph/gradient.ts";
import { concat } from "../../../core/graph/shape.ts";
import { reshape } from "../../../core/graph/linear.ts";
import { constant, input } from "../../../core/graph/node.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import type { LossContext } from "../../../core/loss.ts";
import {
  sigmoidContrastive,
  sigmoidQuestions,
} from "../../../plugins/contrastive/sigmoid_contrastive.ts";
import { allDifferent } from "../../helpers/batch_identity.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { lossContextOf } from "../../helpers/loss_context.ts";

interface Case {
  readonly batch: number;
  readonly dim: number;
  readonly log_logit_scale: number;
  readonly logit_bias: number;
  readonly image: readonly number[];
  readonly text: readonly number[];
  readonly loss: number;
  readonly gradients: {
    readonly image: readonly number[];
    readonly text: readonly number[];
    readonly log_logit_scale: number;
    readonly logit_bias: number;
  };
}

// Values and gradients of open_clip's SigLipLoss (tests/golden/README.md).
const { cases } = JSON.parse(
  Deno.readTextFileSync(new URL("../../golden/loss_sigmoid.json", import.meta.url)),
) as { readonly cases: readonly Case[] };

/** What a loss is given that asks for the bias. */
function contextOf(
  image: Tensor,
  caption: Tensor,
  [logitScale, logitBias]: readonly [Tensor, Tensor],
  identity: LossContext<"caption">["identity"],
): LossContext<"caption", never, "logitBias"> {
  const [batch, count] = caption.shape as [number, number];
  const present = { caption: constant(Array(batch * count).fill(1), [batch, count]) };
  const parts = { image, text: { caption }, present, identity, logitScale };
  return { ...lossContextOf<"caption">(parts), extra: { logitBias } };
}

/** Runs a graph of no inputs. */
async function valuesOf(outputs: Readonly<Record<string, Tensor>>): Promise<number[][]> {
  const device = await openDevice("cpu");
  const program = await device.compile({ inputs: [], outputs });
  const results = await program.run({});
  const values = await Promise.all(
    Object.keys(outputs).map(async (name) => Array.from(await results[name]!.read(), Number)),
  );
  await program.dispose();
  await device.dispose();
  return values;
}

Deno.test("sigmoidContrastive: value and gradients are open_clip's, the bias's too", async () => {
  const device = await openDevice("cpu");
  for (const { batch, dim, gradients, loss, ...given } of cases) {
    const image = input("image", "float32", [batch, dim]);
    const text = input("text", "float32", [batch, dim]);
    const scale = input("scale", "float32", []);
    const bias = input("bias", "float32", []);
    const identity = allDifferent(batch, { caption: 1 });
    const caption = reshape(l2Normalize(text), [batch, 1, dim]);
    const { total } = sigmoidContrastive()
      .compute(contextOf(l2Normalize(image), caption, [exp(scale), bias], identity));
    const wrt = [image, text, scale, bias];
    const [dImage, dText, dScale, dBias] = gradient(total, wrt);
    const program = await device.compile({
      inputs: wrt,
      outputs: { total, dImage: dImage!, dText: dText!, dScale: dScale!, dBias: dBias! },
    });
    const upload = (values: readonly number[], shape: readonly number[]) =>
      device.upload(Float32Array.from(values), shape, "float32");
    const results = await program.run({
      image: upload(given.image, [batch, dim]),
      text: upload(given.text, [batch, dim]),
      scale: upload([given.log_logit_scale], []),
      bias: upload([given.logit_bias], []),
    });
    const expected = {
      total: [loss],
      dImage: gradients.image,
      dText: gradients.text,
      dScale: [gradients.log_logit_scale],
      dBias: [gradients.logit_bias],
    };
    for (const [name, values] of Object.entries(expected)) {
      const found = await results[name]!.read() as Float32Array;
      expect([name, relativeDifference(found, values) < 1e-4]).toEqual([name, true]);
    }
    await program.dispose();
  }
  await device.dispose();
});

Deno.test("sigmoidContrastive: several captions are as many sets, and the weight is in the total", async () => {
  // One set of right pairs at right angles to all others: with s = 2 and b = −1 the two right pairs
  // have the logit 1 and the two wrong ones −1: 4 · log(1 + e⁻¹) by 2 images.
  const unit = [1, 0, 0, 1];
  const image = constant(unit, [2, 2]);
  const scalars = [constant([2], []), constant([-1], [])] as const;
  const one = constant(unit, [2, 1, 2]);
  const of = (caption: Tensor, weight: number) =>
    sigmoidContrastive({ weight }).compute(
      contextOf(image, caption, scalars, allDifferent(2, { caption: caption.shape[1]! })),
    );
  const single = of(one, 0.5);
  const double = of(concat([one, one], 1), 1);
  const [total, term, twice] = await valuesOf({
    total: single.total,
    term: single.terms.contrastive!,
    twice: double.total,
  });
  const expected = 2 * Math.log(1 + Math.exp(-1));
  expect(total![0]).toBeCloseTo(expected / 2, 5);
  expect(term![0]).toBeCloseTo(expected, 5);
  expect(twice![0]).toBeCloseTo(expected, 5);
});

Deno.test("sigmoidContrastive: dropped duplicates are no wrong pairs", async () => {
  // Both rows show the same picture: no pair is wrong, and the two right ones remain.
  const unit = [1, 0, 0, 1];
  const identity = {
    picture: constant([5, 5], [2]),
    text: { caption: constant([1, 2], [2, 1]) },
  };
  const { total } = sigmoidContrastive({ duplicates: "drop" }).compute(
    contextOf(
      constant(unit, [2, 2]),
      constant(unit, [2, 1, 2]),
      [constant([2], []), constant([-1], [])],
      identity,
    ),
  );
  const [[found]] = await valuesOf({ total }) as [[number]];
  expect(found).toBeCloseTo(Math.log(1 + Math.exp(-1)), 5);
});

Deno.test("sigmoidQuestions: each row of each text that counts, by the number of texts", async () => {
  // Logits 0 and ±1: right answers lose log(1 + e⁻ˣ), wrong ones log(1 + eˣ). The third text does not
  // count, whatever its logits.
  const logits = constant([0, 1, 9, -1, 0, 9], [2, 3]);
  const positive = constant([1, 0, 1, 0, 1, 0], [2, 3]);
  const of = (counted: readonly number[]) =>
    reshape(sigmoidQuestions(logits, positive, constant(counted, [3])), [1]);
  const [found] = await valuesOf({ found: concat([of([1, 1, 0]), of([0, 0, 0])], 0) });
  const expected = (2 * Math.log(2) + Math.log(1 + Math.E) + Math.log(1 + Math.exp(-1))) / 2;
  expect(found![0]).toBeCloseTo(expected, 6);
  expect(found![1]).toBeCloseTo(0, 12);
});
