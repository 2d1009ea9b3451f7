import { sum } from "../../../../core/graph/linear.ts";
import { expect } from "expect";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import { adamw } from "../../../../core/training/optimizers/adamw.ts";
import {
  createTrainingState,
  disposeState,
  resetLossStates,
} from "../../../../core/training/loop/state.ts";
import type { Loss, LossState } from "../../../../core/loss.ts";
import { objective } from "../../../../core/objective.ts";
import { captionNegatives } from "../../../../plugins/contrastive/caption_negatives.ts";
import type { NegativeGenerator } from "../../../../core/negative_generator.ts";

const negatives: NegativeGenerator = {
  name: "three",
  options: {},
  slots: 3,
  generate: () => Promise.resolve([null, null, null]),
  with: () => negatives,
};

function lossWith(state: Readonly<Record<string, LossState>>): Loss<"caption" | "negative"> {
  const loss: Loss<"caption" | "negative"> = {
    name: "remembering",
    options: {},
    needs: ["caption", "negative"],
    state,
    compute: ({ image }) => ({ total: sum(image), terms: {} }),
    with: () => loss,
  };
  return loss;
}

Deno.test("LossState: a text group's name stands for as many as a row has texts in it", async () => {
  const device = await openDevice("cpu");
  const objectives = [
    objective(
      "remembering",
      captionNegatives({ negatives }),
      lossWith({
        kept: { shape: ["negative", 2], initial: 1, reset: "never" },
        fresh: { shape: ["negative"], initial: 0.5, reset: "epoch" },
      }),
    ),
  ];
  const given = { device, parameters: new Map(), trained: [], optimizer: adamw({ lr: 1 }) };
  const state = createTrainingState({ ...given, objectives });
  try {
    const { kept, fresh } = Object.fromEntries(state.losses.get("remembering")!);
    expect([kept!.shape, fresh!.shape]).toEqual([[3, 2], [3]]);
    for (const tensor of [kept!, fresh!]) {
      tensor.write(new Float32Array(tensor === kept ? 6 : 3).fill(9));
    }
    resetLossStates(state, objectives);
    expect([...await kept!.read()]).toEqual([9, 9, 9, 9, 9, 9]);
    expect([...await fresh!.read()]).toEqual([0.5, 0.5, 0.5]);
    const lost = lossWith({ lost: { shape: ["positive"], initial: 0, reset: "never" } });
    expect(() =>
      createTrainingState({
        ...given,
        objectives: [objective("lost", captionNegatives({ negatives }), lost)],
      })
    ).toThrow("expected a number or a text group (caption, negative) in the shape of a loss's");
  } finally {
    disposeState(state);
    await device.dispose();
  }
});
