import type { Hooks } from "../../../core/hooks.ts";
import { joinPlugins } from "../../../core/join_plugins.ts";
import type { PictureFinder } from "../../../core/plugin.ts";
import { plugins } from "../../index.ts";
import { report } from "../report/report.ts";
import { modelCard } from "../model_card/model_card.ts";
import { tensorboard } from "../tensorboard/tensorboard.ts";

/**
 * The hooks that a run has unless others are given: TensorBoard's file, and at its end the
 * model card and the report.
 *
 * @param picture Finds pictures for the report that are not in files of their own. Default: those of
 *   the plugins that come along.
 */
export function standardHooks(
  picture: PictureFinder = joinPlugins(plugins).picture,
): readonly Hooks[] {
  return [tensorboard(), modelCard(), report({ picture })];
}
