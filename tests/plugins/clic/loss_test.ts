import { reshape, transpose } from "../../../core/graph/linear.ts";
import { expect } from "expect";
import type { DType, Tensor } from "../../../core/graph/tensor.ts";
import { exp } from "../../../core/graph/elementwise.ts";
import { gradient } from "../../../core/graph/gradient.ts";
import { input } from "../../../core/graph/node.ts";
import { l2Normalize } from "../../../core/graph/composite.ts";
import { slice } from "../../../core/graph/shape.ts";
import type { Device } from "../../../core/device/device.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { clicLoss, type ClicLossOptions } from "../../../plugins/clic/loss.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { lossContextOf } from "../../helpers/loss_context.ts";
import { findWebGpu } from "../../helpers/devices.ts";
import { allDifferent } from "../../helpers/batch_identity.ts";
import separate from "../../golden/loss_clic.json" with { type: "json" };
import unified from "../../golden/loss_clic_unified.json" with { type: "json" };

type Case = typeof separate.cases[number];

/** Runs the loss and its gradients on a case's raw embeddings; `present` is 1 where not given. */
async function run(
  device: Device,
  dtype: "float32" | "float64",
  { raw_image, raw_text, log_logit_scale }: Case,
  options: ClicLossOptions,
  present?: readonly number[],
  negatives = 1,
): Promise<Record<string, ArrayLike<number>>> {
  const [batch, dim] = raw_image.shape as [number, number];
  const rows = raw_text.shape[0]!;
  const count = rows / batch;
  const image = input("image", dtype, [batch, dim]);
  const text = input("text", dtype, [rows, dim]);
  const logScale = input("log_scale", dtype, []);
  const negativePresent = input("present", dtype, [batch, negatives]);
  const positivePresent = input("positive_present", dtype, [batch, count - negatives]);

  // Rows of the golden file: all first positives, all second ones, …, all negatives.
  const blocks = transpose(reshape(l2Normalize(text), [count, batch, dim]), [1, 0, 2]);
  const { total, terms } = clicLoss(options).compute(lossContextOf({
    image: l2Normalize(image),
    text: {
      positive: slice(blocks, { axis: 1, start: 0, end: count - negatives }),
      negative: slice(blocks, { axis: 1, start: count - negatives, end: count }),
    },
    present: { positive: positivePresent, negative: negativePresent },
    identity: allDifferent(batch, { positive: count - negatives, negative: negatives }),
    logitScale: exp(logScale),
    state: {},
  }));
  const [byImage, byText, byScale] = gradient(total, [image, text, logScale]) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const program = await device.compile({
    inputs: [image, text, logScale, negativePresent],
    outputs: { total, ...terms, byImage, byText, byScale },
  });
  const upload = (values: readonly number[], shape: readonly number[], type: DType = dtype) =>
    device.upload(
      type === "float64" ? Float64Array.from(values) : Float32Array.from(values),
      shape,
      type,
    );
  const inputs = {
    image: upload(raw_image.data, [batch, dim]),
    text: upload(raw_text.data, [rows, dim]),
    log_scale: upload([log_logit_scale], []),
    present: upload(present ?? Array(batch * negatives).fill(1), [batch, negatives]),
  };
  const outputs = await program.run(inputs);
  const result: Record<string, ArrayLike<number>> = {};
  for (const [name, tensor] of Object.entries(outputs)) {
    result[name] = await tensor.read() as Float32Array | Float64Array;
    tensor.dispose();
  }
  for (const tensor of Object.values(inputs)) tensor.dispose();
  await program.dispose();
  return result;
}

async function onDevice(kind: "cpu" | "webgpu", work: (device: Device) => Promise<void>) {
  const device = await openDevice(kind);
  try {
    await work(device);
  } finally {
    await device.dispose();
  }
}

/** Compares the loss with the golden values of some cases. */
async function check(
  device: Device,
  dtype: "float32" | "float64",
  denominator: "separate" | "unified",
  tolerance: number,
  cases = [0, 1, 2],
) {
  for (const i of cases) {
    const golden = denominator === "separate" ? separate.cases[i]! : unified.cases[i]!;
    const found = await run(device, dtype, separate.cases[i]!, {
      contrastive: golden.weights.contrastive,
      hardNegative: golden.weights.hard_negative,
      uniModal: golden.weights.uni_modal,
      denominator,
    });
    const expected: Record<string, ArrayLike<number>> = {
      total: [golden.loss],
      contrastive: [golden.contrastive],
      uniModal: [golden.uni_modal],
      byImage: golden.grad_raw_image.data,
      byText: golden.grad_raw_text.data,
      byScale: [golden.grad_log_logit_scale],
    };
    if (denominator === "separate") {
      expected.hardNegative = [separate.cases[i]!.hard_negative];
    }
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, values] of Object.entries(expected)) {
      const difference = relativeDifference(found[name]!, values);
      expect({ case: i, name, exact: difference < tolerance, difference })
        .toMatchObject({ exact: true });
    }
  }
}

Deno.test("clicLoss: terms and gradients equal the authors' code in float64", () =>
  onDevice("cpu", (device) => check(device, "float64", "separate", 1e-7)));

Deno.test("clicLoss: terms and gradients equal the authors' code in float32", () =>
  onDevice("cpu", (device) => check(device, "float32", "separate", 1e-4)));

Deno.test("clicLoss: the unified denominator equals PyTorch's in float64 and float32", () =>
  onDevice("cpu", async (device) => {
    await check(device, "float64", "unified", 1e-7);
    await check(device, "float32", "unified", 1e-4);
  }));

Deno.test({
  name: "clicLoss: WebGPU equals the authors' code and PyTorch",
  ignore: !await findWebGpu(),
  fn: () =>
    onDevice("webgpu", async (device) => {
      await check(device, "float32", "separate", 1e-3, [1]);
      await check(device, "float32", "unified", 1e-3, [1]);
    }),
});

Deno.test("clicLoss: rows without a negative add nothing to S-Neg and to no denominator", () =>
  onDevice("cpu", async (device) => {
    const golden = separate.cases[0]!;
    const none = Array(golden.batch).fill(0);
    // Without any negative: S-Neg is 0, and both denominators are Cont's own.
    for (const denominator of ["separate", "unified"] as const) {
      const found = await run(device, "float64", golden, { denominator }, none);
      expect(relativeDifference(found.contrastive!, [golden.contrastive])).toBeLessThan(1e-7);
      const total = 0.5 * golden.contrastive + golden.uni_modal;
      expect(relativeDifference(found.total!, [total])).toBeLessThan(1e-7);
      // Negatives are the last block of texts; no gradient reaches them.
      const negatives = Array.from(found.byText!).slice(-golden.batch * golden.dim);
      expect(negatives.every((value) => value === 0)).toBe(true);
    }
    // S-Neg is a mean over rows, so it is the sum of what each row gives alone.
    let sum = 0;
    for (let row = 0; row < golden.batch; row++) {
      const present = none.map((_, i) => i === row ? 1 : 0);
      sum += (await run(device, "float64", golden, {}, present)).hardNegative![0]!;
    }
    expect(relativeDifference([sum], [golden.hard_negative])).toBeLessThan(1e-7);
  }));

Deno.test("clicLoss: with several negatives S-Neg is the mean of what each gives alone", () =>
  onDevice("cpu", async (device) => {
    const golden = separate.cases[0]!;
    const { batch, dim } = golden;
    const negatives = golden.raw_text.data.slice(-batch * dim);
    // Other negatives: the same vectors, each with the next row.
    const turned = [...negatives.slice(dim), ...negatives.slice(0, dim)];
    const others = golden.raw_text.data.slice(0, -batch * dim);
    const withNegatives = (...blocks: number[][]): Case => ({
      ...golden,
      raw_text: {
        shape: [(golden.raw_text.shape[0]! / batch - 1 + blocks.length) * batch, dim],
        data: [...others, ...blocks.flat()],
      },
    });
    const loss = async (blocks: number[][], options: ClicLossOptions = {}) =>
      await run(device, "float64", withNegatives(...blocks), options, undefined, blocks.length);
    const [first, second] = [await loss([negatives]), await loss([turned])];
    const both = await loss([negatives, turned]);
    expect(relativeDifference(first.hardNegative!, [golden.hard_negative])).toBeLessThan(1e-7);
    expect(relativeDifference(
      both.hardNegative!,
      [(first.hardNegative![0]! + second.hardNegative![0]!) / 2],
    )).toBeLessThan(1e-7);
    // In the unified denominator a second set with no row present changes nothing.
    const unified = { denominator: "unified" } as const;
    const alone = await loss([negatives], unified);
    const present = Array.from({ length: 2 * batch }, (_, i) => i % 2 === 0 ? 1 : 0);
    const gaps = await run(
      device,
      "float64",
      withNegatives(negatives, turned),
      unified,
      present,
      2,
    );
    expect(relativeDifference(gaps.contrastive!, alone.contrastive!)).toBeLessThan(1e-7);
    expect((await loss([negatives, turned], unified)).contrastive![0])
      .toBeGreaterThan(alone.contrastive![0]!);
  }));

Deno.test("clicLoss: fewer than 2 positives are refused by shape", () => {
  const compute = () =>
    clicLoss().compute(lossContextOf({
      image: input("u", "float32", [3, 4]),
      text: {
        positive: input("p", "float32", [3, 1, 4]),
        negative: input("n", "float32", [3, 1, 4]),
      },
      present: {
        positive: input("pp", "float32", [3, 1]),
        negative: input("np", "float32", [3, 1]),
      },
      identity: allDifferent(3, { positive: 1, negative: 1 }),
      logitScale: input("s", "float32", []),
      state: {},
    }));
  expect(compute).toThrow(TypeError);
  expect(compute).toThrow("found [3, 1, 4]");
});

Deno.test("clicLoss: options have the paper's values, and senseless ones are refused", () => {
  const loss = clicLoss();
  expect(loss.options).toEqual({
    contrastive: 0.5,
    hardNegative: 0.5,
    uniModal: 1,
    denominator: "separate",
    duplicates: "keep",
  });
  expect(loss.with({ uniModal: 0 }).options).toEqual({ ...loss.options, uniModal: 0 });
  expect(() => clicLoss({ uniModal: -1 })).toThrow(RangeError);
  expect(() => loss.with({ denominator: "both" })).toThrow("clicLoss.denominator");
});
