import { clic } from "@syntagma/syntagma/clic";
import { createTrainer, type LoadedModel } from "@syntagma/syntagma/models";
import { adamw, warmupCosine } from "@syntagma/syntagma/optimizers";
import { scenes } from "@syntagma/syntagma/scenes";

/** Trains the text tower with CLIC, by a loop that reads from top to bottom. */
export async function trainByHand(model: LoadedModel, steps: number): Promise<readonly number[]> {
  const optimizer = adamw({ lr: 1e-3 });
  const schedule = warmupCosine({ warmup: 0.2 });
  const data = scenes({ length: 10_000, seed: 2 });
  const objectives = [clic({ preset: "released" })];
  const settings = { data, objectives, optimizer, batch: 16, frozen: ["image"] };
  await using trainer = await createTrainer(model, settings);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const batch = await trainer.nextBatch();
    const { loss } = await trainer.step(batch, optimizer.lr * schedule.factor(step, steps));
    losses.push(loss);
  }
  return losses;
}

if (import.meta.main) {
  const { loadModel } = await import("@syntagma/syntagma/models");
  await using model = await loadModel("tiny");
  console.log(await trainByHand(model, 20));
  await model.save("trained");
}
