import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { importLater } from "../../../core/import_later.ts";
import type { PluginSet } from "../../../core/join_plugins.ts";
import { type Command, Option } from "@commander-js/extra-typings";
import type { RunSource } from "../runs/run_options.ts";
import { writeText } from "../terminal/text_stream.ts";
import { resolve } from "node:path";
import { standardHooks } from "../runs/standard_hooks.ts";
import { checkOutput } from "./check_output.ts";
import { executeRecipe } from "./execute_recipe.ts";
import { loadModule, loadRecipeOrStudy, overridePlanned, resolveReference } from "./load_recipe.ts";
import { deviceOption, threadsOption, wholeNumber, wholeStatesOption } from "./options.ts";
import { formatRecipeList } from "./recipe_list.ts";
import { resumedSource, returnTo } from "./resumed_source.ts";
import type { World } from "./world.ts";

/**
 * Adds the command `recipe`, which lists, checks and runs recipes.
 *
 * @param references What `--plugin` named: their exports may be components of a recipe as well.
 * @param onDone Takes the exit code of a command that did not fail.
 */
export function addRecipeCommand(
  program: Command,
  plugins: PluginSet,
  references: readonly string[],
  world: World,
  onDone: (code: number) => void,
): void {
  const command = program.command("recipe")
    .description("Runs a recipe; without a name, lists the recipes there are.")
    .argument("[name]", "a recipe's name, the path of its file, or its jsr: or https: address")
    .argument("[overrides...]", "settings to change, as path=value: optimizer.lr=3e-6 batch=64")
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(wholeStatesOption())
    .option("--steps <n>", "stop after so many steps (as steps=n)", wholeNumber(1))
    .option("--seed <n>", "the seed of every random choice (as seed=n)", wholeNumber(0))
    .option("--resume <folder>", "go on with the run in this folder")
    .addOption(
      new Option("--from <run>", "print the settings of a run as a recipe that runs again")
        .conflicts(["resume", "dryRun", "json"]),
    )
    .option("--out <file>", "with --from: the file to write instead")
    .addOption(
      new Option("--dry-run", "check everything and tell what the run would take")
        .conflicts("resume"),
    )
    .option("--json", "of a dry run: print the resolved recipe and the report as JSON")
    .option("--runs <folder>", "the folder for run folders", "runs")
    .option("--trace", "show the stack of an error")
    .configureOutput({
      outputError: (text, write) =>
        write(
          text.includes("unknown option")
            ? `${text}(settings are written path=value: optimizer.lr=3e-6 batch=64)\n`
            : text,
        ),
    });

  /** Whether a word sets an option of the command as if it were a setting. */
  const isOption = (word: string) =>
    command.options.some(({ long, required }) =>
      required && word.startsWith(`${long!.slice(2)}=`)
    ) &&
    !/^(steps|seed)=/.test(word);

  command.action(async (first, others, options) => {
    const { device, dryRun, json, runs, seed, steps, threads, wholeStates } = options;
    // Good from the folder too that the run began in.
    const resume = options.resume === undefined ? undefined : resolve(options.resume);
    const words = first === undefined ? [] : [first, ...others];
    const name = words[0] !== undefined && isAssignment(words[0]) ? undefined : words.shift();
    const option = words.find((word) => isOption(word));
    if (option !== undefined) {
      const [written, value] = option.split("=", 2);
      command.error(`error: ${written} is no setting; expected --${written} ${value}`);
    }
    const overrides = [
      ...words,
      ...(steps === undefined ? [] : [`steps=${steps}`]),
      ...(seed === undefined ? [] : [`seed=${seed}`]),
    ];
    if (options.from !== undefined) {
      const stranger = name ?? overrides[0];
      if (stranger !== undefined) {
        command.error(`error: --from takes a run as it was: expected no ${stranger}`);
      }
      await writeRecipeOf(options.from, references, options.out, world);
      return;
    }
    if (options.out !== undefined) command.error("error: --out is of --from: expected --from too");
    if (name === undefined && resume === undefined) {
      if (overrides.length > 0 || dryRun || json) {
        command.error("error: expected the name, path or address of a recipe, found none");
      }
      writeText(world.stdout, `${formatRecipeList(plugins.recipes)}\n`);
      return;
    }
    if (json && !dryRun) command.error("error: --json is of a dry run: expected --dry-run too");
    const asked: RunSource = resume === undefined
      ? { recipe: name!, overrides, folder: Deno.cwd() }
      : await resumedSource(resume, name, overrides);
    if (resume === undefined) await checkOutput("--runs", runs, "folder");
    else await returnTo(asked, (line) => writeText(world.stderr, `${line}\n`));
    const loaded = await loadRecipeOrStudy(asked.recipe, plugins.recipes);
    onDone(
      await executeRecipe(overridePlanned(loaded.recipe, asked.overrides), {
        device,
        threads,
        wholeStates,
        runs,
        source: { ...asked, recipe: loaded.source },
        dryRun: !dryRun ? undefined : json ? "json" : "text",
        hooks: [...standardHooks(plugins), ...await plugins.hooks()],
        ...(resume === undefined ? {} : { resume }),
      }, world),
    );
  });
}

async function writeRecipeOf(
  run: string,
  references: readonly string[],
  out: string | undefined,
  world: World,
): Promise<void> {
  if (out !== undefined) await checkOutput("--out", out, "file");
  const { recipeOfRun } = await importLater<typeof import("../recipe_from/recipe_of_run.ts")>(
    "../recipe_from/recipe_of_run.ts",
    import.meta.url,
  );
  const { text, folder } = await recipeOfRun(
    run,
    references.map((each) => ({
      specifier: resolveReference(each),
      load: () => loadModule(each),
    })),
  );
  if (out === undefined) writeText(world.stdout, text);
  else await writeFileAtomically(out, text);
  if (folder !== undefined && folder !== Deno.cwd()) {
    writeText(world.stderr, `relative paths in it start from ${folder}, where the run began\n`);
  }
}

/** An override, and no path that happens to hold an equals sign. */
function isAssignment(word: string): boolean {
  return /^[^/\\:=]*=/.test(word);
}
