import { fileURLToPath } from "node:url";

/**
 * Holds a Deno that a test starts to the versions of `deno.lock`. `deno.json` names no lock file: of
 * one that it names, `deno task` would fetch every package before any task.
 */
export const WITH_LOCK = `--lock=${fileURLToPath(new URL("../../deno.lock", import.meta.url))}`;
