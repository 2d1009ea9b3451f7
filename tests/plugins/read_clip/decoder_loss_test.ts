import { expect } from "expect";
import type { Assets } from "../../../core/assets.ts";
import { readClipLoss, type ReadClipLossOptions } from "../../../plugins/read_clip/decoder_loss.ts";
import { expectSteps, readGolden } from "../../helpers/golden_steps.ts";

const folder = new URL("../../golden/methods/read_clip_decoder", import.meta.url).pathname;
const assets: Assets = {
  file: (address) => Promise.resolve(address),
  optionalFile: (address) => Deno.stat(address).then(() => address, () => undefined),
};
const context = { assets, rehearsal: false, log: () => {} };
const open = (options: Partial<ReadClipLossOptions>) =>
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
  await expect(open({})).rejects.toThrow(/readClipLoss.width: expected 16, .* found 1024/);
  await expect(readClipLoss({ decoder: `${folder}/..`, width: 16 }).prepare!(context))
    .rejects.toThrow(/config\.json/);
});
