import { expect } from "expect";
import { createAssets } from "../../../../core/host/assets/create_assets.ts";
import { packageFile } from "../../../../core/host/assets/package_file.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("packageFile: a module of a folder has its file there", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/a b`);
    await Deno.writeTextFile(`${folder}/a b/words.txt`, "lamp");
    // A URL writes the space as %20; a path does not.
    const path = await packageFile("./words.txt", new URL(`file://${folder}/a b/mod.ts`).href);
    expect(path).toBe(`${folder}/a b/words.txt`);
  });
});

Deno.test("packageFile: a module of a server has its file in the cache, and asks once", async () => {
  await withFolder(async (folder) => {
    const asked: string[] = [];
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      asked.push(new URL(request.url).pathname);
      return new Response("lamp");
    });
    const module = `http://127.0.0.1:${server.addr.port}/@me/mine/1.0.0/plugins/mine/mod.ts`;
    const assets = createAssets({ cache: folder, retryDelays: [] });
    const path = await packageFile("../words.txt", module, { assets });
    expect(await Deno.readTextFile(path)).toBe("lamp");
    expect(path.startsWith(folder)).toBe(true);
    await server.shutdown();
    expect(await packageFile("../words.txt", module, { assets })).toBe(path);
    expect(asked).toEqual(["/@me/mine/1.0.0/plugins/words.txt"]);
    // "lamp" has another SHA-256 than 64 zeros.
    await expect(packageFile("../words.txt", module, { assets, sha256: "0".repeat(64) }))
      .rejects.toThrow("expected SHA-256 0000");
    await expect(packageFile("./other.txt", module, { assets })).rejects.toThrow("Cannot get");
  });
});
