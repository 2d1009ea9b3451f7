/**
 * The command line with the recipes and commands of this repository.
 *
 * @module
 */
import { importLater } from "./core/import_later.ts";
import { startFault, thisStart } from "./plugins/app/cli/start_fault.ts";

if (import.meta.main) {
  const fault = startFault(thisStart(import.meta.url));
  if (fault !== undefined) {
    console.error(`error: ${fault}`);
    Deno.exit(2);
  }
  // An old Deno might not get through the rest to say what is wrong.
  const { main } = await importLater<typeof import("./plugins/app/cli/main.ts")>(
    "./plugins/app/cli/main.ts",
    import.meta.url,
  );
  Deno.exit(await main(Deno.args));
}
