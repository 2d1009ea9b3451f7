/**
 * The command line with the recipes of this repository.
 *
 * @module
 */
import { main } from "./core/cli/mod.ts";
import { recipes } from "./recipes/index.ts";

if (import.meta.main) Deno.exit(await main(Deno.args, recipes));
