/**
 * The command `patch`.
 *
 * @module
 */
import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { placeCard, type PlacedModel } from "../../app/model_card/place_card.ts";
import { checkOutput } from "../../app/cli/check_output.ts";
import type { DefineEngineCommand } from "../../app/cli/engine_command.ts";
import { deviceOption } from "../../app/cli/options.ts";
import { writeText } from "../../app/terminal/text_stream.ts";
import { parseAlphas } from "./alphas.ts";
import { executeSweep } from "./execute_sweep.ts";
import { type PatchedDtype, patchedDtypes } from "../float_dtype.ts";
import { interpolateCheckpoints } from "../interpolate_checkpoints.ts";
import { describeRounding } from "../rounding.ts";

const define: DefineEngineCommand = (base, host) => {
  const command = base
    .argument("<before>", "the pretrained weights: a file, a folder or an hf: address")
    .argument("<after>", "their fine-tune: a file, a folder or an hf: address")
    .argument("[overrides...]", "settings of the sweep's recipe to change, as path=value")
    .requiredOption("--out <folder>", "the folder for the patched model, or for the sweep's tables")
    .addOption(
      new Option("--alpha <number>", "the weight of the fine-tuned side")
        .argParser(argument(parseAlpha))
        .conflicts("sweep"),
    )
    .addOption(
      new Option("--sweep <start:end:step>", "score every α, such as 0:1:0.05")
        .argParser(argument(parseAlphas)),
    )
    .addOption(
      new Option("--dtype <type>", "the precision: that of the pretrained weights, or float32")
        .choices(patchedDtypes)
        .default("pretrained" as const),
    )
    .option("--recipe <name>", "the recipe whose model and evaluators the sweep uses")
    .option("--evaluators <module>", "a module whose default export is a list of other evaluators")
    .addOption(deviceOption())
    .option("--trace", "show the stack of an error");

  command.action(async (before, after, overrides, options) => {
    const { alpha, sweep: alphas, out, dtype, recipe, evaluators, device } = options;
    await checkOutput("--out", out, "folder");
    if (alphas !== undefined) {
      if (recipe === undefined) return command.error("error: --sweep needs --recipe");
      const sources = { before, after, recipe, overrides, evaluators };
      return host.done(await executeSweep({ ...sources, alphas, dtype, out, device }, host));
    }
    if (alpha === undefined) {
      return command.error("error: expected --alpha or --sweep, found neither");
    }
    const strange = overrides[0] ?? recipe ?? evaluators;
    if (strange !== undefined) command.error(`error: only a sweep has use for ${strange}`);
    const engine = await host.world.loadEngine();
    const assets = engine.createAssets((line) => writeText(host.world.stderr, `${line}\n`));
    const { path, tensors, ...rounding } = await interpolateCheckpoints(
      before,
      after,
      alpha,
      out,
      assets,
      dtype,
    );
    const { citations } = await host.plugins.literature();
    await placeCard(
      out,
      patchedModel({ before, after, alpha, dtype, references: citations?.patch }),
    );
    writeText(host.world.stdout, `${path}: ${tensors} tensors, α = ${alpha}\n`);
    const loss = describeRounding(rounding);
    if (loss !== undefined) writeText(host.world.stderr, `${loss}\n`);
  });
};

export default define;

interface PatchedModel {
  readonly before: string;
  readonly after: string;
  readonly alpha: number;
  readonly dtype: PatchedDtype;
  readonly references: readonly string[] | undefined;
}

/** What the card of a patched model says. */
function patchedModel(
  { before, after, alpha, dtype, references = [] }: PatchedModel,
): PlacedModel {
  return {
    summary: `A CLIP model between ${before} and its fine-tune ${after}`,
    how: [
      ["Pretrained weights", before],
      ["Their fine-tune", after],
      ["Patching", `(1 - α) · pretrained + α · fine-tuned of every parameter, α = ${alpha}`],
      ["Precision", dtype === "pretrained" ? "that of the pretrained weights" : dtype],
    ],
    weights: before,
    scoring: "`evaluate` scores it, and `patch --sweep` every α.",
    references,
  };
}

function parseAlpha(text: string): number {
  const alpha = text.trim() === "" ? NaN : Number(text);
  if (alpha >= 0 && alpha <= 1) return alpha;
  throw new RangeError("Expected a number from 0 to 1.");
}

/** A parser whose refusals count as arguments that are not understood. */
function argument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new InvalidArgumentError(error.message);
    }
  };
}
