import { expect } from "expect";
import { nearestSetting } from "../../core/nearest_setting.ts";
import { overrideRecipe } from "../../core/override.ts";
import { SettingsError } from "../../core/settings_error.ts";
import { clip } from "../../plugins/clip/clip.ts";
import recipe from "../../recipes/clic_vitb32.ts";

/** open_clip's flags (open_clip_torch 3.3, `open_clip_train/params.py`), and what they are here. */
const flags: Readonly<Record<string, string>> = {
  "lr": "optimizer.lr",
  "wd": "optimizer.weightDecay",
  "beta1": "optimizer.betas.0",
  "beta2": "optimizer.betas.1",
  "eps": "optimizer.eps",
  "warmup": "schedule.warmup",
  "batch-size": "batch",
  "accum-freq": "chunk",
  "grad-checkpointing": "memory",
  "save-frequency": "checkpointEvery",
  "val-frequency": "evaluateEvery",
  "zeroshot-frequency": "evaluateEvery",
  "lock-image": "frozen",
  "lock-text": "frozen",
  "train-data": "data.path",
  "train-num-samples": "data.limit",
  "csv-separator": "data.delimiter",
  "csv-img-key": "data.columns.image",
  "csv-caption-key": "data.columns.captions",
  "pretrained": "model.weights",
};

/** What an assignment is refused with. */
function faultOf(assignment: string) {
  try {
    overrideRecipe(recipe, [assignment]);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.faults[0]!;
  }
  return undefined;
}

for (const [flag, setting] of Object.entries(flags)) {
  Deno.test(`nearestSetting: open_clip's --${flag} is ${setting}, which there is`, () => {
    for (const written of new Set([flag, flag.replaceAll("-", "_")])) {
      expect(faultOf(`${written}=1`)).toMatchObject({ code: "unknown", suggestion: setting });
    }
    // A value of the wrong kind is refused otherwise than a path that leads nowhere.
    expect(faultOf(`${setting}={"no":"such value"}`)?.code).not.toBe("unknown");
    expect(faultOf(`${setting}={"no":"such value"}`)).toBeDefined();
  });
}

Deno.test("nearestSetting: other tools' spellings, options' own names and slips of the pen", () => {
  const known = ["batch", "frozen", "optimizer.lr", "optimizer.weightDecay", "loss.uniModal"];
  const guess = (path: string) => nearestSetting(path, known);
  expect(guess("learning_rate")).toBe("optimizer.lr");
  expect(guess("per_device_train_batch_size")).toBe("batch");
  expect(guess("weight_decay")).toBe("optimizer.weightDecay");
  expect(guess("unimodal")).toBe("loss.uniModal");
  expect(guess("uniModel")).toBe("loss.uniModal");
  expect(guess("optimiser.lr")).toBe("optimizer.lr");
  expect(guess("bacth")).toBe("batch");
  expect(guess("nothing at all like it")).toBe(undefined);
  // A setting that the recipe does not have is no guess.
  expect(nearestSetting("train_data", ["batch"])).toBe(undefined);
});

Deno.test("nearestSetting: options of a component are guessed too", () => {
  expect(faultOf("optimizer.learning_rate=1"))
    .toMatchObject({ code: "unknown", suggestion: "optimizer.lr" });
  expect(() => clip({ pretrained: "openai" } as never)).toThrow('did you mean "weights"?');
});
