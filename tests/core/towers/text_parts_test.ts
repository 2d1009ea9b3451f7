import { expect } from "expect";
import type { DeviceKind } from "../../../core/device/device.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import type { DualEncoder } from "../../../core/model.ts";
import { objective } from "../../../core/objective.ts";
import { createRandom } from "../../../core/random.ts";
import { uploadParameters } from "../../../core/towers/device_parameters.ts";
import { createForward } from "../../../core/towers/forward.ts";
import { textParts, wholeText, wholeTexts } from "../../../core/towers/text_parts.ts";
import type { Batch } from "../../../core/training/loop/batches.ts";
import { identityOf } from "../../../core/training/loop/identity.ts";
import { hardNegativeContrastive } from "../../../plugins/contrastive/hard_negative_contrastive.ts";
import type { AnyComposer, AnyObjective } from "../../../core/objective.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { findWebGpu } from "../../helpers/devices.ts";
import { openStep } from "../../helpers/open_step.ts";
import { miniBatch, miniClip } from "../../helpers/small_clip.ts";

const model = miniClip(6);
const random = createRandom(4, "texts");

/** Captions whose negatives have another token somewhere, or two changed places; some are there twice. */
const captions = Array.from({ length: 12 }, (_, i) => {
  const length = [0, 3, 8, 22][i % 4]!;
  return [1, ...Array.from({ length }, () => 2 + random.integer(4)), 39];
});
const negatives = captions.flatMap((caption) =>
  [0, 1].map(() => caption.with(-1 - random.integer(caption.length - 1), 30).with(-1, 39))
);
const texts = [...captions, ...negatives];

const composer: AnyComposer = {
  name: "none",
  options: {},
  groups: { caption: 1, negative: 2 },
  rows: 1,
  compose: () => Promise.reject(new Error("the batch is made by hand")),
  with: () => composer,
};
const hinge: AnyObjective = objective(
  "hard",
  composer as never,
  hardNegativeContrastive() as never,
) as unknown as AnyObjective;
const plain = miniBatch(12, { caption: 1, negative: 2 }, 3);
const groups = plain.groups.map((group) => ({
  ...group,
  tokens: group.name === "caption" ? captions : negatives,
  present: group.present.map(() => 1),
}));
const batch: Batch = { ...plain, groups, identity: identityOf(plain.ids, groups) };

const kinds: readonly DeviceKind[] = [
  "cpu",
  "wasm",
  ...await findWebGpu() ? ["webgpu"] as const : [],
];
for (const kind of kinds) {
  Deno.test(`textParts: packs give the embeddings and gradients of whole texts, on ${kind}`, async () => {
    const device = await openDevice(kind);
    const differentiate = async (of: DualEncoder, chunk: number) => {
      const parameters = await uploadParameters(device, of);
      const rows = await createForward({ device, model: of, parameters, chunk }).texts(texts);
      for (const tensor of parameters.values()) tensor.dispose();
      const opened = await openStep(device, of, hinge, { chunk, frozen: ["image"] });
      const { loss, gradients } = await opened.differentiate(batch);
      opened.close();
      return { rows, loss, gradients };
    };
    const expected = await differentiate(wholeTexts(model), 64);
    expect(expected.gradients.size).toBeGreaterThan(20);
    // All texts in the loss's program, and in parts of one pack.
    for (const chunk of kind === "cpu" ? [64, 8] : [8]) {
      const found = await differentiate(model, chunk);
      expect(relativeDifference(found.rows, expected.rows)).toBeLessThan(1e-5);
      expect(relativeDifference([found.loss], [expected.loss])).toBeLessThan(1e-5);
      for (const [name, wanted] of expected.gradients) {
        // But for the bias of the keys, whose true gradient is zero.
        const width = name.endsWith("in_proj_bias") ? wanted.length / 3 : 0;
        const without = (all: Float32Array) =>
          all.map((x, i) => i >= width && i < 2 * width ? 0 : x);
        const difference = relativeDifference(
          without(found.gradients.get(name)!),
          without(wanted),
        );
        expect([name, difference < 1e-5 ? "close" : difference]).toEqual([name, "close"]);
      }
    }
    await device.dispose();
  });
}

Deno.test("textParts: packs with room for many ends give the embeddings of whole texts", async () => {
  // Names of two tokens after the same beginning.
  const prompts = Array.from({ length: 64 }, (_, i) => [1, 2, 3, 4, 10 + i % 8, 20 + (i >> 3), 39]);
  expect(textParts(model, prompts, 64).map(({ key }) => key)).toEqual(["packs 2 32"]);
  const device = await openDevice("cpu");
  const parameters = await uploadParameters(device, model);
  const embed = (of: DualEncoder) =>
    createForward({ device, model: of, parameters, chunk: 64 }).texts(prompts);
  const [packed, whole] = [await embed(model), await embed(wholeTexts(model))];
  expect(relativeDifference(packed, whole)).toBeLessThan(1e-5);
  for (const tensor of parameters.values()) tensor.dispose();
  await device.dispose();
});

Deno.test("textParts: which towers get packs", () => {
  const keys = (of: DualEncoder, ...wanted: Parameters<typeof textParts>[3] & unknown[]) =>
    textParts(of, texts, 64, wanted).map(({ key }) => key.split(" ")[0]);
  expect(new Set(keys(model))).toEqual(new Set(["packs"]));
  expect(new Set(keys(model, "pooled"))).toEqual(new Set(["packs"]));
  // Tokens are those of whole texts.
  expect(new Set(keys(model, "tokens"))).toEqual(new Set(["text"]));
  expect(new Set(keys(wholeTexts(model)))).toEqual(new Set(["text"]));
  // A tower with an `encode` of its own keeps nothing of the packs that another one takes.
  const { encode } = model.text;
  const other = { ...model.text, encode: (...args: Parameters<typeof encode>) => encode(...args) };
  expect(new Set(keys({ ...model, text: other }))).toEqual(new Set(["text"]));
});

Deno.test("wholeText: all texts in one part as long as they fit, a row each in their order", () => {
  for (const each of [model, wholeTexts(model)]) {
    const part = wholeText(each, texts, 36)!;
    expect(part.size).toBe(36);
    expect(part.rows).toEqual(texts.map((_, i) => [i, i]));
    // Texts of 24 tokens that have none in common fill five to a pack, and four texts are half a pack.
    const long = Array.from({ length: 30 }, (_, i) => new Array(24).fill(i));
    expect(wholeText(each, long, 4)).toBeUndefined();
  }
});

Deno.test("createForward: what is not finite in one text stays in it", async () => {
  const device = await openDevice("cpu");
  const parameters = await uploadParameters(device, model);
  const forward = createForward({ device, model, parameters, chunk: 64 });
  const sound = await forward.texts(texts);
  const table = parameters.get("token_embedding.weight")!;
  table.write((await table.read() as Float32Array).fill(NaN, 38 * 32, 39 * 32));
  const found = await forward.texts([...texts, [1, 38, 39]]);
  expect(relativeDifference(found.subarray(0, sound.length), sound)).toBeLessThan(1e-5);
  expect(found.subarray(sound.length).every(Number.isNaN)).toBe(true);
  for (const tensor of parameters.values()) tensor.dispose();
  await device.dispose();
});
