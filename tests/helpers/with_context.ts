import type { Context } from "../../core/context.ts";
import { createAssets } from "../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../core/host/images/pool.ts";
import { withFolder } from "./with_folder.ts";

/** Gives a folder of its own and a context without a network, which are gone when the work is done. */
export async function withContext(
  work: (folder: string, context: Context) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    using images = createPicturePool({ workers: 0 });
    const assets = createAssets({ cache: `${folder}/.cache`, offline: true });
    await work(folder, { assets, images, log: () => {} });
  });
}
