/**
 * The command `plugins`.
 *
 * @module
 */
import type { Plugin } from "../../../core/plugin.ts";
import { writeText } from "../terminal/text_stream.ts";
import type { DefineCommand } from "./command.ts";

/** Lists the plugins and what each brings. */
const definePlugins: DefineCommand = (command, { plugins, world }) => {
  command.action(async () => {
    const texts = await Promise.all(plugins.plugins.map(describe));
    writeText(world.stdout, `${texts.join("\n")}\n`);
  });
};

export default definePlugins;

async function describe(plugin: Plugin): Promise<string> {
  const { models, data, objectives, negatives, benchmarks, commands, recipes } = plugin;
  const scored = await (typeof benchmarks === "function" ? benchmarks() : benchmarks);
  const parts = {
    models,
    data,
    objectives,
    negatives,
    benchmarks: scored,
    commands,
    recipes,
  };
  const lines = Object.entries(parts).flatMap(([part, named]) => {
    const names = Object.keys(named ?? {});
    return names.length === 0 ? [] : [`  ${part}: ${names.join(", ")}`];
  });
  if (plugin.hooks !== undefined) lines.push("  hooks");
  return [plugin.name, ...lines].join("\n");
}
