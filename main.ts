/**
 * The command line with the recipes and commands of this repository.
 *
 * @module
 */
import { main } from "./plugins/app/cli/main.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));
