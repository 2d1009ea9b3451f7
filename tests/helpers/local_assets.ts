import type { Assets } from "../../core/assets.ts";

/** Files on this machine, as they are addressed. */
export const localAssets: Assets = {
  file: (address) => Promise.resolve(address),
  optionalFile: (address) => Deno.stat(address).then(() => address, () => undefined),
};
