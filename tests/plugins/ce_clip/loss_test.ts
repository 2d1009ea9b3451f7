import { reshape } from "../../../core/graph/linear.ts";
import { expect } from "expect";
import type { DType, Tensor } from "../../../core/graph/tensor.ts";
import { exp } from "../../../core/graph/elementwise.ts";
import { gradient } from "../../../core/graph/gradient.ts";
import { input } from "../../../core/graph/node.ts";
import { l2Normalize } from "../../../core/graph/composite.ts";
import { slice } from "../../../core/graph/shape.ts";
import type { Device } from "../../../core/device/device.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { ceClipLoss, type CeClipLossOptions } from "../../../plugins/ce_clip/loss.ts";
import { createBatchStream } from "../../../core/training/loop/batches.ts";
import type { DualEncoder } from "../../../core/model.ts";
import { objective } from "../../../core/objective.ts";
import { captionNegatives } from "../../../plugins/contrastive/caption_negatives.ts";
import type { NegativeGenerator } from "../../../core/negative_generator.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { lossContextOf } from "../../helpers/loss_context.ts";
import { findWebGpu } from "../../helpers/devices.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";
import { miniClip } from "../../helpers/small_clip.ts";
import { allDifferent } from "../../helpers/batch_identity.ts";
import golden from "../../golden/loss_ceclip.json" with { type: "json" };

type Step = typeof golden.cases[number]["steps"][number];

/** Embeddings of a batch, and what else the loss reads. */
interface Batch {
  readonly batch: number;
  readonly dim: number;
  readonly slots: number;
  /** Not normalised. */
  readonly image: readonly number[];
  /** Not normalised: all captions, then the negatives of each. */
  readonly text: readonly number[];
  readonly valid: readonly number[];
  readonly logScale: number;
  readonly thresholds: readonly number[];
}

/** Total, terms, thresholds and gradients of a loss. */
async function run(
  device: Device,
  dtype: "float32" | "float64",
  given: Batch,
  options: CeClipLossOptions,
): Promise<Record<string, ArrayLike<number>>> {
  const { batch, dim, slots } = given;
  const image = input("image", dtype, [batch, dim]);
  const text = input("text", dtype, [batch * (1 + slots), dim]);
  const logScale = input("logScale", dtype, []);
  const valid = input("valid", dtype, [batch, slots]);
  const thresholds = input("before", dtype, [slots]);
  const unit = l2Normalize(text);
  const loss = ceClipLoss(options);
  const { total, terms, state } = loss.compute(lossContextOf({
    image: l2Normalize(image),
    text: {
      caption: reshape(slice(unit, { axis: 0, start: 0, end: batch }), [batch, 1, dim]),
      negative: reshape(
        slice(unit, { axis: 0, start: batch, end: batch * (1 + slots) }),
        [batch, slots, dim],
      ),
    },
    present: { caption: input("unused", dtype, [batch, 1]), negative: valid },
    identity: allDifferent(batch, { caption: 1, negative: slots }),
    logitScale: exp(logScale),
    state: { thresholds },
  }));
  const [byImage, byText, byScale] = gradient(total, [image, text, logScale]) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const inputs = [image, text, logScale, valid, thresholds];
  const program = await device.compile({
    inputs,
    outputs: { total, ...terms, ...state, byImage, byText, byScale },
  });
  const upload = (values: readonly number[], shape: readonly number[], type: DType) =>
    device.upload(
      type === "float64" ? Float64Array.from(values) : Float32Array.from(values),
      shape,
      type,
    );
  const fed = {
    image: upload(given.image, [batch, dim], dtype),
    text: upload(given.text, text.shape, dtype),
    logScale: upload([given.logScale], [], dtype),
    valid: upload(given.valid, [batch, slots], dtype),
    before: upload(given.thresholds, [slots], dtype),
  };
  const outputs = await program.run(fed);
  const result: Record<string, ArrayLike<number>> = {};
  for (const [name, tensor] of Object.entries(outputs)) {
    result[name] = await tensor.read() as Float32Array | Float64Array;
    tensor.dispose();
  }
  for (const tensor of Object.values(fed)) tensor.dispose();
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

function batchOf(step: Step, thresholds: readonly number[]): Batch {
  const [batch, dim] = step.raw_image.shape as [number, number];
  return {
    batch,
    dim,
    slots: 4,
    image: step.raw_image.data,
    text: step.raw_text.data,
    valid: step.valid.data,
    logScale: step.log_logit_scale,
    thresholds,
  };
}

/** Compares the loss with the authors' over three steps, thresholds going from one to the next. */
async function check(
  device: Device,
  dtype: "float32" | "float64",
  tolerance: number,
  cases = golden.cases,
) {
  for (const { steps, weights: { cmr, imc } } of cases) {
    let thresholds: ArrayLike<number> = [0, 0, 0, 0];
    for (const [i, step] of steps.entries()) {
      const found = await run(device, dtype, batchOf(step, Array.from(thresholds)), {
        preset: "released",
        cmr,
        imc,
      });
      const expected: Record<string, ArrayLike<number>> = {
        total: [step.loss],
        hardNegative: [step.loss - cmr * step.cmr - imc * step.imc_code],
        cmr: [step.cmr],
        imc: [step.imc_code],
        thresholds: step.threshold_out,
        byImage: step.grad_raw_image.data,
        byText: step.grad_raw_text.data,
        byScale: [step.grad_log_logit_scale],
      };
      expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
      for (const [name, values] of Object.entries(expected)) {
        const difference = relativeDifference(found[name]!, values);
        expect({ step: i, name, exact: difference < tolerance, difference })
          .toMatchObject({ exact: true });
      }
      thresholds = found.thresholds!;
    }
  }
}

Deno.test("ceClipLoss: three steps equal the authors' code in float64", () =>
  onDevice("cpu", (device) => check(device, "float64", 1e-7)));

Deno.test("ceClipLoss: three steps equal the authors' code in float32", () =>
  onDevice("cpu", (device) => check(device, "float32", 1e-4)));

Deno.test({
  name: "ceClipLoss: WebGPU equals the authors' code",
  ignore: !await findWebGpu(),
  fn: () =>
    onDevice("webgpu", (device) => check(device, "float32", 1e-3, golden.cases.slice(0, 1))),
});

/**
 * Two images at right angles, e₁ and e₂, each with its own vector as caption, and two negatives a
 * row whose cosines with the image (and so with the caption) are given. Dimensions 3 and 4 hold what
 * is left of row 1's and row 2's negatives, so each is at right angles to the other image.
 */
function corner(cosines: readonly [number, number, number, number], changes: Partial<Batch> = {}) {
  const negatives = cosines.flatMap((cosine, i) => {
    const row = i < 2 ? 0 : 1;
    const vector = [0, 0, 0, 0];
    vector[row] = cosine;
    vector[2 + row] = Math.sqrt(1 - cosine ** 2);
    return vector;
  });
  return {
    batch: 2,
    dim: 4,
    slots: 2,
    image: [1, 0, 0, 0, 0, 1, 0, 0],
    text: [1, 0, 0, 0, 0, 1, 0, 0, ...negatives],
    valid: [1, 1, 1, 1],
    logScale: Math.log(10),
    thresholds: [0, 0],
    ...changes,
  };
}

const lse = (...values: number[]) => Math.log(values.reduce((sum, x) => sum + Math.exp(x), 0));

Deno.test("ceClipLoss: the paper's intra-modal loss is over a caption's own negatives", () =>
  onDevice("cpu", async (device) => {
    const cosines = [0.8, 0.6, 0.28, 0.96] as const;
    const all = await run(device, "float64", corner(cosines), {});
    // Scale 10: (ln(e⁸ + e⁶) + ln(e^2.8 + e^9.6)) / 2.
    expect(all.imc![0]).toBeCloseTo((lse(8, 6) + lse(2.8, 9.6)) / 2, 10);
    // Without its second negative the first row has 8, without both the second one nothing.
    const some = await run(device, "float64", corner(cosines, { valid: [1, 0, 0, 0] }), {});
    expect(some.imc![0]).toBeCloseTo(8 / 2, 10);
    const kept = await run(device, "float64", corner(cosines, { valid: [1, 0, 0, 0] }), {
      invalidNegatives: "keep",
    });
    expect(kept.imc![0]).toBeCloseTo(all.imc![0]!, 10);
  }));

Deno.test("ceClipLoss: the released intra-modal loss takes the batch's first negative as target", () =>
  onDevice("cpu", async (device) => {
    const found = await run(device, "float64", corner([0.8, 0.6, 0.28, 0.96]), {
      imcVariant: "released",
      invalidNegatives: "keep",
    });
    // Caption 1 sees 8, 6, 0, 0, caption 2 sees 0, 0, 2.8, 9.6; the target is the first of each.
    expect(found.imc![0]).toBeCloseTo((lse(8, 6, 0, 0) - 8 + lse(0, 0, 2.8, 9.6) - 0) / 2, 10);
  }));

Deno.test("ceClipLoss: the contrast variant sets the own image against all negatives", () =>
  onDevice("cpu", async (device) => {
    const cosines = [0.8, 0.6, 0.28, 0.96] as const;
    const found = await run(device, "float64", corner(cosines), { imcVariant: "contrast" });
    // The own image has 10.
    const expected = (lse(10, 8, 6, 0, 0) + lse(10, 0, 0, 2.8, 9.6)) / 2 - 10;
    expect(found.imc![0]).toBeCloseTo(expected, 10);
    const some = await run(device, "float64", corner(cosines, { valid: [0, 1, 0, 0] }), {
      imcVariant: "contrast",
    });
    expect(some.imc![0]).toBeCloseTo((lse(10, 6) + lse(10, 0)) / 2 - 10, 10);
  }));

Deno.test("ceClipLoss: negatives that are not there leave the denominators, or stay as released", () =>
  onDevice("cpu", async (device) => {
    const given = corner([0.8, 0.6, 0.28, 0.96], { valid: [1, 0, 0, 0] });
    // Image 1 has 10, 0 for the captions and 8, 6, 0, 0 for the negatives; image 2 has 0, 10 and
    // 0, 0, 2.8, 9.6. Captions have 10 and 0 for the images.
    const texts = lse(10, 0) - 10;
    const strict = await run(device, "float64", given, {});
    const dropped = (lse(10, 0, 8) + lse(0, 10, 0)) / 2 - 10;
    expect(strict.hardNegative![0]).toBeCloseTo((dropped + texts) / 2, 10);
    const released = await run(device, "float64", given, { preset: "released" });
    const kept = (lse(10, 0, 8, 6, 0, 0) + lse(0, 10, 0, 0, 2.8, 9.6)) / 2 - 10;
    expect(released.hardNegative![0]).toBeCloseTo((kept + texts) / 2, 10);
  }));

Deno.test("ceClipLoss: the rank loss counts what is there, above the step's thresholds", () =>
  onDevice("cpu", async (device) => {
    const cosines = [0.8, 0.6, 0.28, 0.96] as const;
    const given = (valid: number[]) => corner(cosines, { thresholds: [3, 5], valid });
    // Differences to the own caption: 2 and 4, 7.2 and 0.4. Short of 3 and 5: 1, 1, 0, 4.6.
    expect((await run(device, "float64", given([1, 1, 1, 1]), {})).cmr![0])
      .toBeCloseTo(6.6 / 4, 10);
    // Still a mean over all four places.
    expect((await run(device, "float64", given([1, 0, 1, 1]), {})).cmr![0])
      .toBeCloseTo(5.6 / 4, 10);
    // A fixed threshold of 2: 0, 0, 0, 1.6.
    const fixed = await run(device, "float64", given([1, 1, 1, 1]), { threshold: "fixed" });
    expect(fixed.cmr![0]).toBeCloseTo(1.6 / 4, 10);
    expect("thresholds" in fixed).toBe(false);
    const bound = { threshold: "fixed", upperBound: 1 } as const;
    expect((await run(device, "float64", given([1, 1, 1, 1]), bound)).cmr![0])
      .toBeCloseTo(0.6 / 4, 10);
  }));

Deno.test("ceClipLoss: thresholds of the next step, adaptive and max", () =>
  onDevice("cpu", async (device) => {
    const next = async (
      valid: number[],
      options: CeClipLossOptions,
      cosines: readonly [number, number, number, number] = [0.8, 0.6, 0.28, 0.96],
    ) => {
      const given = corner(cosines, { valid, thresholds: [3, 5] });
      return Array.from((await run(device, "float64", given, options)).thresholds!);
    };
    const close = (found: readonly number[], expected: readonly number[]) =>
      found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 10));
    // Own captions have 10 on average. Slot 1: 10 − (8 + 2.8)/2; slot 2: 10 − (6 + 9.6)/2.
    close(await next([1, 1, 1, 1], {}), [4.6, 2.2]);
    // Slot 1 of the first row alone: 10 − 8; slot 2 has none, and stays.
    close(await next([1, 0, 0, 0], {}), [2, 5]);
    // The largest differences are 7.2 and 4; a fifth of them.
    close(await next([1, 1, 1, 1], { threshold: "max" }), [1.44, 0.8]);
    close(await next([1, 0, 0, 0], { threshold: "max" }), [0.4, 5]);
    // From 0 to the bound: −0.6 and 0.8 stand for slots with differences of 16 and 2.
    close(await next([1, 1, 1, 1], {}, [-0.6, 0.8, -0.6, 0.8]), [10, 2]);
    close(await next([1, 1, 1, 1], { upperBound: 1.5 }, [-0.6, 0.8, -0.6, 0.8]), [1.5, 1.5]);
  }));

Deno.test("ceClipLoss: options have the paper's values and follow the preset", () => {
  const loss = ceClipLoss();
  expect(loss.options).toEqual({
    preset: "strict",
    cmr: 0.2,
    imc: 0.3,
    imcVariant: "paper",
    threshold: "adaptive",
    fixedThreshold: 2,
    upperBound: 10,
    invalidNegatives: "drop",
    duplicates: "keep",
  });
  // One threshold for each of a row's negatives, however many there are.
  expect(loss.state).toEqual({ thresholds: { shape: ["negative"], initial: 0, reset: "epoch" } });
  expect(loss.with({ preset: "released" }).options).toMatchObject({
    imcVariant: "released",
    invalidNegatives: "keep",
  });
  expect(() => ceClipLoss({ imcVariant: "released" })).toThrow(
    'ceClipLoss.invalidNegatives: expected "keep"',
  );
  expect(() => loss.with({ cmr: -1 })).toThrow(RangeError);
});

Deno.test("ceClipLoss: several captions a row are refused by shape", () => {
  const compute = (captions: number) => () =>
    ceClipLoss().compute(lossContextOf({
      image: input("u", "float32", [3, 4]),
      text: {
        caption: input("t", "float32", [3, captions, 4]),
        negative: input("n", "float32", [3, 2, 4]),
      },
      present: {
        caption: input("tp", "float32", [3, captions]),
        negative: input("np", "float32", [3, 2]),
      },
      identity: allDifferent(3, { caption: captions, negative: 2 }),
      logitScale: input("s", "float32", []),
      state: { thresholds: input("th", "float32", [2]) },
    }));
  expect(compute(2)).toThrow(
    new TypeError(
      "ceClipLoss: expected 1 caption a row, found [3, 2, 4]",
    ),
  );
  expect(compute(1)).not.toThrow();
});

Deno.test("ceClipLoss: a negative that is kept without being there is the released text", async () => {
  // A tokenizer that tells all texts from each other.
  const encode = (text: string) => [...text].map((letter) => letter.codePointAt(0)!);
  const mini = miniClip(3);
  const model: DualEncoder = { ...mini, tokenizer: { ...mini.tokenizer, encode } };
  const data = memoryDataSet(["a dog", "a cat"].map((caption) => ({
    captions: [caption],
    picture: { width: 8, height: 8, color: [0, 0, 0] as const },
  })));
  const negatives: NegativeGenerator = {
    name: "gaps",
    options: {},
    slots: 2,
    generate: () => Promise.resolve(["a bird", null]),
    with: () => negatives,
  };
  const tokens = async (loss: ReturnType<typeof ceClipLoss>) => {
    const stream = createBatchStream({
      data,
      model,
      batch: 1,
      seed: 0,
      from: { epoch: 0, position: 0 },
      onSkip: () => {},
    });
    const batch = await stream.next(objective("gaps", captionNegatives({ negatives }), loss));
    const group = batch.groups.find(({ name }) => name === "negative")!;
    expect([...group.present]).toEqual([1, 0]);
    return group.tokens;
  };
  // The authors write "###" where no relation can be swapped, and mark it invalid.
  expect(await tokens(ceClipLoss({ preset: "released" }))).toEqual([
    encode("a bird"),
    encode("###"),
  ]);
  expect(await tokens(ceClipLoss())).toEqual([encode("a bird"), encode("")]);
});
