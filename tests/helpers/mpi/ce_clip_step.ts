import { openDevice } from "../../../core/host/devices/open_device.ts";
import type { AnyComposer, AnyObjective } from "../../../core/objective.ts";
import { alone, type Exchange } from "../../../core/processes/exchange.ts";
import { partOf } from "../../../core/processes/parted_encoder.ts";
import type { AnyLoss } from "../../../core/loss.ts";
import { ceClipLoss } from "../../../plugins/ce_clip/loss.ts";
import { openStep } from "../open_step.ts";
import { rowsOf } from "../rows_of.ts";
import { miniBatch, miniClip } from "../small_clip.ts";

const composer: AnyComposer = {
  name: "none",
  options: {},
  groups: { caption: 1, negative: 4 },
  rows: 1,
  compose: () => Promise.reject(new Error("batches are made by hand")),
  with: () => composer,
};

/** The losses of two steps of CE-CLIP, the second with the thresholds that the first one leaves. */
export async function ceClipStep(exchange: Exchange = alone): Promise<readonly number[]> {
  const device = await openDevice("cpu", { threads: 1 });
  const loss = ceClipLoss({ preset: "strict" }) as unknown as AnyLoss;
  const objective: AnyObjective = { name: "ce-clip", composer, loss };
  const opened = await openStep(device, miniClip(5), objective, { chunk: 4, exchange });
  const whole = miniBatch(7, composer.groups, 11);
  const { first, length } = partOf(7, 1, exchange);
  const losses: number[] = [];
  for (let step = 0; step < 2; step++) {
    const own = rowsOf(whole, first, first + length);
    const { loss } = await opened.step.add(objective, own, step, true);
    losses.push(loss);
    await opened.step.update(0.1, step + 1);
  }
  opened.close();
  await device.dispose();
  return losses;
}
