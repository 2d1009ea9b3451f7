import { expect } from "expect";
import { readClipLoss } from "../../../plugins/read_clip/decoder_loss.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { objective } from "../../../core/objective.ts";
import type { Batch } from "../../../core/training/loop/batches.ts";
import { readClipRows } from "../../../plugins/read_clip/rows.ts";
import { localAssets as assets } from "../../helpers/local_assets.ts";
import { openStep } from "../../helpers/open_step.ts";
import { miniBatch, miniClip } from "../../helpers/small_clip.ts";
import { expectSteps, readGolden } from "../../helpers/golden_steps.ts";

const folder = new URL("../../golden/methods/read_clip_decoder", import.meta.url).pathname;
const context = { assets, rehearsal: false, log: () => {} };
const open = (options: Partial<Parameters<typeof readClipLoss>[0]>) =>
  readClipLoss({ decoder: folder, ...options }).prepare!(context);

Deno.test("readClipLoss: three steps equal the authors' code, through a frozen decoder", () =>
  // The decoder computes in float32 here and in float64 there.
  expectSteps(open, readGolden("read_clip_decoder"), 1e-4));

Deno.test("readClipLoss: reads the label by the decoder's tokenizer", async () => {
  const { texts, cases: [test] } = readGolden("read_clip_decoder");
  const { reads } = await open({ width: 16 });
  const ids = test!.read!.label!;
  const each = ids.length / texts!.length;
  for (const [i, text] of texts!.entries()) {
    const expected = ids.slice(i * each, (i + 1) * each).filter((id) => id >= 0);
    expect(reads!.label!.encode(text)).toEqual(expected);
  }
});

Deno.test("readClipLoss: refuses a decoder of another width, and a folder without one", async () => {
  await expect(open({})).rejects.toThrow(/textReconstruction.width: expected 16, .* found 1024/);
  await expect(readClipLoss({ decoder: `${folder}/..`, width: 16 }).prepare!(context))
    .rejects.toThrow(/config\.json/);
});

Deno.test("readClipLoss: a training step through the decoder, which stays as it is", async () => {
  const device = await openDevice("cpu");
  const model = miniClip(5);
  const counts = { caption: 1, negative: 3, paraphrase: 1 };
  const { cases: [test] } = readGolden("read_clip_decoder");
  const ids = Float32Array.from(test!.read!.label!);
  const rows = test!.batch;
  const batch: Batch = {
    ...miniBatch(rows, counts, 11),
    read: [{ name: "label", count: 1, length: ids.length / rows, ids }],
  };
  const loss = await open({ width: 16 });
  const composer = readClipRows({ times: 3 });
  const opened = await openStep(device, model, objective("read", composer, loss), { chunk: 3 });
  const { terms, gradients } = await opened.differentiate(batch);
  expect(Object.keys(terms)).toEqual(["hardNegative", "alignment", "reconstruction"]);
  // What is trained of the loss is its matrix alone, and it has a gradient.
  const own = [...gradients.keys()].filter((name) => name.startsWith("loss."));
  expect(own).toEqual(["loss.read.projection"]);
  for (const name of ["loss.read.projection", "transformer.resblocks.0.mlp.c_fc.weight"]) {
    const values = gradients.get(name)!;
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const at = values.findIndex((value) => Math.abs(value) === largest);
    const difference = await opened.differences(batch, name, at, 1e-2);
    expect([name, Math.abs(difference / values[at]! - 1) < 0.02]).toEqual([name, true]);
  }
  opened.close();
  await device.dispose();
});
