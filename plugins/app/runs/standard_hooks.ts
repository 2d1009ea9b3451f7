import type { Hooks } from "../../../core/hooks.ts";
import { joinPlugins, type PluginSet } from "../../../core/join_plugins.ts";
import { plugins } from "../../index.ts";
import { report } from "../report/report.ts";
import { modelCard } from "../model_card/model_card.ts";
import { tensorboard } from "../tensorboard/tensorboard.ts";

/**
 * The hooks that a run has unless others are given: TensorBoard's file, and at its end the
 * model card and the report.
 *
 * @param known Where the report finds pictures that are not in files of their own, and what was
 *   written about methods and data sets. Default: the plugins that come along.
 */
export function standardHooks(
  known: Pick<PluginSet, "picture" | "literature"> = joinPlugins(plugins),
): readonly Hooks[] {
  const { picture, literature } = known;
  return [tensorboard(), modelCard(literature), report({ picture, literature })];
}
