/**
 * The command line with the recipes and commands of this repository.
 *
 * @module
 */
import { importLater } from "./core/import_later.ts";
import {
  permissionFault,
  startFault,
  thisStart,
  typedCommand,
} from "./plugins/app/cli/start_fault.ts";

if (import.meta.main) {
  const fail = (fault: string): never => {
    console.error(`error: ${fault}`);
    Deno.exit(2);
  };
  const fault = startFault(thisStart(import.meta.url));
  if (fault !== undefined) fail(fault);
  // What is thrown where nobody waits for it, inside of a package or of Deno itself, comes here.
  addEventListener("unhandledrejection", ({ reason }) => {
    const missing = permissionFault(reason, typedCommand(import.meta.url));
    if (missing !== undefined) fail(missing);
  });
  // An old Deno might not get through the rest to say what is wrong.
  const { main } = await importLater<typeof import("./plugins/app/cli/main.ts")>(
    "./plugins/app/cli/main.ts",
    import.meta.url,
  );
  Deno.exit(await main(Deno.args));
}
