import { reshape } from "../../../core/graph/linear.ts";
import { expect } from "expect";
import { exp } from "../../../core/graph/elementwise.ts";
import { gradient } from "../../../core/graph/gradient.ts";
import { input } from "../../../core/graph/node.ts";
import { l2Normalize } from "../../../core/graph/composite.ts";
import { slice } from "../../../core/graph/shape.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import type { Device } from "../../../core/device/device.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import type { Loss } from "../../../core/loss.ts";
import { testLoss } from "../../../plugins/authoring/test_loss.ts";
import {
  hardNegativeContrast,
  hardNegativeContrastive,
} from "../../../plugins/contrastive/hard_negative_contrastive.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { lossContextOf } from "../../helpers/loss_context.ts";
import { findWebGpu } from "../../helpers/devices.ts";
import { allDifferent } from "../../helpers/batch_identity.ts";
import golden from "../../golden/loss_negclip.json" with { type: "json" };

type Case = typeof golden.cases[number];
type Values = Record<string, number[]>;

/** Where a case's negatives stand: `slots[row · count + k]` is the number of one, or null. */
interface Layout {
  readonly count: number;
  readonly slots: readonly (number | null)[];
}

/** The negatives in order, `count` a row, the last slots empty. */
function packed({ batch, negatives }: Case, count: number): Layout {
  const slots = Array.from({ length: batch * count }, (_, i) => i < negatives ? i : null);
  return { count, slots };
}

/** The loss and its gradients on a case's raw embeddings; what fills empty slots is junk. */
async function run(
  device: Device,
  dtype: "float32" | "float64",
  { batch, dim, negatives, raw_image, raw_text, log_logit_scale }: Case,
  { count, slots }: Layout,
  weight = 1,
): Promise<Values> {
  const image = input("image", dtype, [batch, dim]);
  const text = input("text", dtype, [batch + batch * count, dim]);
  const logScale = input("log_scale", dtype, []);
  const present = input("present", "float32", [batch, count]);
  const unit = l2Normalize(text);
  const end = batch + batch * count;
  const { total, terms } = hardNegativeContrastive({ weight }).compute(lossContextOf({
    image: l2Normalize(image),
    text: {
      caption: reshape(slice(unit, { axis: 0, start: 0, end: batch }), [batch, 1, dim]),
      negative: reshape(slice(unit, { axis: 0, start: batch, end }), [batch, count, dim]),
    },
    present: { caption: input("unused", "float32", [batch, 1]), negative: present },
    identity: allDifferent(batch, { caption: 1, negative: count }),
    logitScale: exp(logScale),
    state: {},
  }));
  const [byImage, byText, byScale] = gradient(total, [image, text, logScale]) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const program = await device.compile({
    inputs: [image, text, logScale, present],
    outputs: { total, ...terms, byImage, byText, byScale },
  });
  const row = (i: number) => raw_text.data.slice(i * dim, i * dim + dim);
  const texts = [
    ...raw_text.data.slice(0, batch * dim),
    ...slots.flatMap((slot) => slot === null ? raw_image.data.slice(0, dim) : row(batch + slot)),
  ];
  const numbers = (values: readonly number[]) =>
    dtype === "float64" ? Float64Array.from(values) : Float32Array.from(values);
  const inputs = {
    image: device.upload(numbers(raw_image.data), [batch, dim], dtype),
    text: device.upload(numbers(texts), [end, dim], dtype),
    log_scale: device.upload(numbers([log_logit_scale]), [], dtype),
    present: device.upload(
      Float32Array.from(slots, (slot) => slot === null ? 0 : 1),
      [batch, count],
      "float32",
    ),
  };
  const outputs = await program.run(inputs);
  const result: Values = {};
  for (const [name, tensor] of Object.entries(outputs)) {
    result[name] = Array.from(await tensor.read() as Float32Array | Float64Array);
    tensor.dispose();
  }
  for (const tensor of Object.values(inputs)) tensor.dispose();
  await program.dispose();
  // Back into the golden order: captions, then the negatives that there are; then the empty slots.
  const found = result.byText!;
  const rowOf = (i: number) => found.slice(i * dim, i * dim + dim);
  const order = Array.from({ length: negatives }, (_, i) => slots.indexOf(i));
  result.byText = [
    ...found.slice(0, batch * dim),
    ...order.flatMap((slot) => rowOf(batch + slot)),
  ];
  result.byEmpty = slots.flatMap((slot, i) => slot === null ? rowOf(batch + i) : []);
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

function check(found: Values, expected: Case, tolerance: number): void {
  const values: Values = {
    total: [expected.loss],
    imageToText: [expected.image_to_text],
    textToImage: [expected.text_to_image],
    byImage: expected.grad_raw_image.data,
    byText: expected.grad_raw_text.data,
    byScale: [expected.grad_log_logit_scale],
  };
  for (const [name, golden] of Object.entries(values)) {
    const difference = relativeDifference(found[name]!, golden);
    expect({ name, exact: difference < tolerance, difference }).toMatchObject({ exact: true });
  }
  expect(found.byEmpty!.every((value) => value === 0)).toBe(true);
}

const [full, some, none] = golden.cases as [Case, Case, Case];

Deno.test("hardNegativeContrastive: loss and gradients equal PyTorch's in float64", () =>
  onDevice("cpu", async (device) => {
    // 6 of 6 rows, 3 of 5 and none of 4 have a negative.
    for (const each of [full, some, none]) {
      check(await run(device, "float64", each, packed(each, 1)), each, 1e-7);
    }
  }));

Deno.test("hardNegativeContrastive: loss and gradients equal PyTorch's in float32", () =>
  onDevice("cpu", async (device) => {
    for (const each of [full, some, none]) {
      check(await run(device, "float32", each, packed(each, 1)), each, 1e-4);
    }
  }));

Deno.test({
  name: "hardNegativeContrastive: WebGPU equals PyTorch",
  ignore: !await findWebGpu(),
  fn: () =>
    onDevice("webgpu", async (device) => {
      check(await run(device, "float32", some, packed(some, 1)), some, 1e-3);
    }),
});

Deno.test("hardNegativeContrastive: which row and slot a negative stands in does not matter", () =>
  onDevice("cpu", async (device) => {
    // Every negative is one for every image: only the set of those present counts.
    check(await run(device, "float64", full, packed(full, 2)), full, 1e-7);
    const scattered = [null, 2, null, null, null, null, 0, 1, null, null];
    check(await run(device, "float64", some, { count: 2, slots: scattered }), some, 1e-7);
  }));

Deno.test("hardNegativeContrastive: the weight is in the total and not in the terms", () =>
  onDevice("cpu", async (device) => {
    const found = await run(device, "float64", full, packed(full, 1), 0.25);
    expect(found.total![0]).toBeCloseTo(full.loss / 4, 7);
    expect(found.imageToText![0]).toBeCloseTo(full.image_to_text, 7);
  }));

Deno.test("hardNegativeContrastive: refuses a negative weight and an unknown option", () => {
  expect(hardNegativeContrastive().with({ weight: 2 }).options)
    .toEqual({ weight: 2, duplicates: "keep" });
  expect(() => hardNegativeContrastive({ weight: -1 })).toThrow("hardNegativeContrastive.weight");
  expect(() => hardNegativeContrastive().with({ weigth: 1 })).toThrow('did you mean "weight"?');
});

Deno.test("hardNegativeContrast: the same of groups of any names, absent negatives among them", async () => {
  const groups = { caption: 1, negative: 2 };
  const given = { groups, present: { negative: [1, 0, 1, 1, 0, 0] } };
  const { total } = await testLoss(hardNegativeContrastive(), given);
  const named: Loss<"caption" | "negative"> = {
    ...hardNegativeContrastive(),
    compute: ({ text, present, ...rest }) => {
      const renamed = {
        ...rest,
        text: { own: text.caption, foil: text.negative },
        present: { own: present.caption, foil: present.negative },
      };
      return { total: hardNegativeContrast(renamed, "own", "foil"), terms: {} };
    },
  };
  await testLoss(named, { ...given, expected: { total }, tolerance: 1e-12 });
  const all = await testLoss(hardNegativeContrastive(), { groups });
  expect(all.total).not.toBeCloseTo(total, 3);
});
