import { expect } from "expect";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import { captions } from "../../../plugins/captions/captions.ts";
import { withFolder } from "../../helpers/with_folder.ts";

/** A photo of 640 × 229 pixels (`tests/data/photos/README.md`). */
const photo = await Deno.readFile(
  new URL("../../data/photos/000000161044.jpg", import.meta.url),
);

interface Place {
  /** Where `files` are served. */
  readonly address: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  readonly open: (path: string, options?: { readonly images?: string }) => ReturnType<
    ReturnType<typeof captions>["open"]
  >;
  /** Lines that were told. */
  readonly told: string[];
  readonly stop: () => Promise<void>;
}

/** A server with these files, and an empty cache. */
async function withServer(
  files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>,
  test: (place: Place) => Promise<void>,
): Promise<void> {
  await withFolder(async (cache) => {
    const [asked, told]: [string[], string[]] = [[], []];
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      const path = decodeURIComponent(new URL(request.url).pathname);
      asked.push(path);
      return path in files ? new Response(files[path]!) : new Response(null, { status: 404 });
    });
    using images = createPicturePool({ workers: 0 });
    const assets = createAssets({ cache, retryDelays: [] });
    const log = (line: string) => void told.push(line);
    const stop = () => server.shutdown();
    const open: Place["open"] = (path, options) =>
      captions({ path, ...options }).open({ assets, images, log });
    const address = `http://127.0.0.1:${server.addr.port}`;
    try {
      await test({ address, asked, told, open, stop });
    } finally {
      await stop();
    }
  });
}

Deno.test("captions: pictures of a table on a server are there too, and fetched once", async () => {
  const files = {
    "/pkg/1.0.0/data/captions.csv":
      "filepath,caption\npictures/a b.jpg,A lamp.\npictures/c.jpg,A desk.\n../d.jpg,A cup.\n",
    "/pkg/1.0.0/data/pictures/a b.jpg": photo,
    "/pkg/1.0.0/d.jpg": photo,
  };
  await withServer(files, async ({ address, asked, open, stop }) => {
    const path = `${address}/pkg/1.0.0/data/captions.csv`;
    const data = await open(path);
    expect(data.record(0)).toEqual({ id: "pictures/a b.jpg", captions: ["A lamp."] });
    expect(await data.size(0)).toEqual({ width: 640, height: 229 });
    expect((await data.pixels(0)).width).toBe(640);
    expect((await data.pixels(2)).width).toBe(640);
    const missing = await data.pixels(1).catch((error) => error);
    expect(missing).toBeInstanceOf(PictureError);
    expect(missing.message).toContain(`${address}/pkg/1.0.0/data/pictures/c.jpg`);
    expect(asked.filter((each) => each !== "/pkg/1.0.0/data/pictures/c.jpg")).toEqual([
      "/pkg/1.0.0/data/captions.csv",
      "/pkg/1.0.0/data/pictures/a b.jpg",
      "/pkg/1.0.0/d.jpg",
    ]);
    await stop();
    const again = await open(path);
    expect(await again.pixels(0)).toEqual(await data.pixels(0));
    expect(await again.fingerprint()).toBe(await data.fingerprint());
  });
});

Deno.test("captions: pictures on a server are looked for in a folder of the table's name", async () => {
  const files = {
    "/set/captions_small.csv": "filepath,caption\na.jpg,A lamp.\n",
    "/set/small/a.jpg": photo,
  };
  await withServer(files, async ({ address, told, open }) => {
    const data = await open(`${address}/set/captions_small.csv`);
    expect((await data.pixels(0)).width).toBe(640);
    expect(told.join()).toContain(`captions_small.csv: pictures from ${address}/set/small`);
  });
});

Deno.test("captions: COCO's JSON on a server, and the option images as an address", async () => {
  const json = JSON.stringify({
    images: [{ id: 1, file_name: "a.jpg", width: 640, height: 229 }],
    annotations: [{ image_id: 1, caption: "A lamp." }],
  });
  const files = { "/set/c.json": json, "/set/a.jpg": photo, "/other/a.jpg": photo };
  await withServer(files, async ({ address, asked, open }) => {
    expect((await (await open(`${address}/set/c.json`)).pixels(0)).width).toBe(640);
    expect(asked).toEqual(["/set/c.json", "/set/a.jpg"]);
    const elsewhere = await open(`${address}/set/c.json`, { images: `${address}/other/` });
    expect((await elsewhere.pixels(0)).width).toBe(640);
    expect(asked.at(-1)).toBe("/other/a.jpg");
  });
});

Deno.test("captions: captions of a server can be read where its pictures cannot be had", async () => {
  const files = { "/set/c.csv": "filepath,caption\na.jpg,A lamp.\n" };
  await withServer(files, async ({ address, open, stop }) => {
    await open(`${address}/set/c.csv`);
    await stop();
    const data = await open(`${address}/set/c.csv`);
    expect(data.record(0).captions).toEqual(["A lamp."]);
    await expect(data.pixels(0)).rejects.toThrow("a.jpg: cannot be had");
  });
});

Deno.test("captions: file: URLs, as import.meta.resolve gives them, are paths", async () => {
  await withServer({}, async ({ open }) => {
    await withFolder(async (folder) => {
      const url = new URL(`file://${folder}/my set/`);
      await Deno.mkdir(url);
      await Deno.mkdir(new URL("images/", url));
      await Deno.writeTextFile(new URL("c.csv", url), "filepath,caption\na.jpg,A lamp.\n");
      await Deno.writeFile(new URL("images/a.jpg", url), photo);
      const table = new URL("c.csv", url).href;
      const open1 = await open(table);
      expect((await open1.pixels(0)).width).toBe(640);
      const given = await open(table, { images: new URL("images/", url).href });
      expect((await given.pixels(0)).width).toBe(640);
      await Deno.writeTextFile(new URL("images/a.txt", url), "A cup.");
      expect((await open(new URL("images/", url).href)).record(0).captions).toEqual(["A cup."]);
    });
  });
});
