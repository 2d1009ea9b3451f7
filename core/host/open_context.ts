import type { Context } from "../context.ts";
import { assetsFromEnvironment } from "./assets/environment.ts";
import { createPicturePool } from "./images/pool.ts";

/**
 * What components may use of the world, for scripts and tests: files as the environment asks for them,
 * a pool of workers that decode pictures. `using` stops the workers.
 *
 * @param log Is told what the components have to say. Default: a line on standard error.
 * @throws {RangeError} as `assetsFromEnvironment` does.
 *
 * @example
 * ```ts
 * import { openContext } from "@syntagma/syntagma/authoring";
 * import { captions } from "@syntagma/syntagma/captions";
 *
 * using context = openContext();
 * await Deno.writeTextFile("photos.csv", "filepath,caption\ncat.jpg,a cat\n");
 * const data = await captions({ path: "photos.csv" }).open(context);
 * console.assert(data.record(0).captions[0] === "a cat");
 * await Deno.remove("photos.csv");
 * ```
 */
export function openContext(log: Context["log"] = console.error): Context & Disposable {
  const images = createPicturePool();
  return {
    assets: assetsFromEnvironment({ log }),
    images,
    log,
    [Symbol.dispose]: () => images[Symbol.dispose](),
  };
}
