import { expect } from "expect";
import { packTar } from "modern-tar";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import type { CaptionsOptions } from "../../../plugins/captions/caption_options.ts";
import { captions } from "../../../plugins/captions/captions.ts";
import { shardName } from "../../../plugins/captions/shard_files.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const photos = new URL("../../data/photos/", import.meta.url).pathname;
const pictures = await Promise.all(
  ["000000161044", "000000290843", "000000205401"].map((name) =>
    Deno.readFile(`${photos}${name}.jpg`)
  ),
);

/** A shard of img2dataset: of each example a picture, its caption, what is known of it. */
async function shardOf(first: number): Promise<Uint8Array<ArrayBuffer>> {
  const members = pictures.flatMap((picture, i) => {
    const key = String(first + i).padStart(9, "0");
    const caption = `caption ${first + i}`;
    return [
      [`${key}.jpg`, picture],
      [`${key}.txt`, caption],
      [
        `${key}.json`,
        JSON.stringify({ url: "https://example.org", key, caption, status: "success" }),
      ],
    ] as const;
  });
  return await packTar(members.map(([name, body]) => {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    return { header: { name, size: bytes.length, type: "file" as const }, body: bytes };
  }));
}

const golden = new URL("../../golden/", import.meta.url);

/** What `wds2idx` writes of the shards. */
const indexes = await Promise.all(
  ["0000", "0001"].map((part) =>
    Deno.readTextFile(new URL(`wds2idx/cc3m-train-${part}.idx`, golden))
  ),
);

const first = await shardOf(0);
const second = await shardOf(10_000);

/** How a server gives its files. */
interface Ways {
  /** Whether it knows ranges. */
  ranges: boolean;
  etag: string;
  /** How many answers that are larger than a byte are cut in the middle. */
  cut: number;
}

interface Place {
  readonly address: string;
  readonly ways: Ways;
  /** Answers by kind: whole files and parts of more than a byte. */
  readonly sent: { whole: number; parts: number; bytes: number };
  readonly told: string[];
  readonly cache: string;
  /** What the server has, by path. */
  readonly files: Record<string, Uint8Array<ArrayBuffer>>;
  readonly open: (options?: Partial<CaptionsOptions>) => ReturnType<
    ReturnType<typeof captions>["open"]
  >;
}

/** A server on this machine with two shards, and an empty cache. */
async function withShards(test: (place: Place) => Promise<void>): Promise<void> {
  await withFolder(async (cache) => {
    const ways: Ways = { ranges: true, etag: '"one"', cut: 0 };
    const sent = { whole: 0, parts: 0, bytes: 0 };
    const told: string[] = [];
    const files: Record<string, Uint8Array<ArrayBuffer>> = {
      "/cc3m-train-0000.tar": first,
      "/cc3m-train-0001.tar": second,
    };
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      const file = files[new URL(request.url).pathname];
      if (file === undefined) return new Response(null, { status: 404 });
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get("range") ?? "") ?? [];
      const isPart = ways.ranges && from !== undefined;
      const [start, end] = isPart ? [Number(from), Number(to) + 1] : [0, file.length];
      const body = file.subarray(start, end);
      const isLook = from === "0" && to === "0";
      if (!isLook) {
        sent[isPart ? "parts" : "whole"]++;
        sent.bytes += body.length;
      }
      const isCut = !isLook && ways.cut > 0;
      if (isCut) ways.cut--;
      const stream = new ReadableStream({
        start(controller) {
          controller.enqueue(isCut ? body.subarray(0, body.length >> 1) : body);
          controller.close();
        },
      });
      return new Response(stream, {
        status: isPart ? 206 : 200,
        headers: {
          etag: ways.etag,
          "content-length": String(body.length),
          ...isPart ? { "content-range": `bytes ${start}-${end - 1}/${file.length}` } : {},
        },
      });
    });
    using images = createPicturePool({ workers: 0 });
    const address = `http://127.0.0.1:${server.addr.port}/cc3m-train-{0000..0001}.tar`;
    const open: Place["open"] = (options) => {
      const assets = createAssets({ cache, retryDelays: [0, 0], log: (line) => told.push(line) });
      return captions({ path: address, stream: true, ...options })
        .open({ assets, images, log: (line) => told.push(line) });
    };
    try {
      await test({ address, ways, sent, told, cache, files, open });
    } finally {
      await server.shutdown();
    }
  });
}

/** Files below a folder, but for locks. */
async function filesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) names.push(...await filesIn(`${folder}/${name}`));
    else if (!name.endsWith(".lock")) names.push(name);
  }
  return names;
}

Deno.test("captions: streamed shards are read once for captions, then picture by picture; the set is that of the files", () =>
  withShards(async ({ sent, open, cache }) => {
    const data = await open();
    expect(sent).toEqual({ whole: 2, parts: 0, bytes: first.length + second.length });
    await withFolder(async (folder) => {
      await Deno.writeFile(`${folder}/cc3m-train-0000.tar`, first);
      await Deno.writeFile(`${folder}/cc3m-train-0001.tar`, second);
      const files = await open({ path: `${folder}/*.tar`, stream: false });
      const all = [...Array(data.length).keys()];
      expect(all.map((i) => data.record(i))).toEqual(all.map((i) => files.record(i)));
      expect(await data.fingerprint()).toBe(await files.fingerprint());
      for (const i of [4, 0, 5]) expect(await data.pixels(i)).toEqual(await files.pixels(i));
    });
    expect(data.record(3).captions).toEqual(["caption 10000"]);
    // Three pictures and nothing else.
    const bytes = first.length + second.length +
      [1, 0, 2].reduce((sum, i) => sum + pictures[i]!.length, 0);
    expect(sent).toEqual({ whole: 2, parts: 3, bytes });
    // The second time the index is there, and the shards are not.
    const again = await open();
    expect(await again.fingerprint()).toBe(await data.fingerprint());
    expect(sent.whole).toBe(2);
    expect(await filesIn(cache)).toEqual([expect.stringMatching(/\.rows$/)]);
  }));

Deno.test("captions: a streamed shard that is another one now is told, and read anew by the next opening", () =>
  withShards(async ({ ways, sent, open }) => {
    const data = await open();
    ways.etag = '"two"';
    await expect(data.pixels(0)).rejects.toThrow("it was changed on the server (was");
    await open();
    expect(sent.whole).toBe(4);
  }));

Deno.test("captions: a streamed shard's answer that is cut is asked for again, and then refused", () =>
  withShards(async ({ ways, told, open }) => {
    ways.cut = 1;
    const data = await open();
    expect(data.length).toBe(6);
    expect(told.join()).toContain("the connection broke off");
    ways.cut = 2;
    expect(await data.pixels(0)).toMatchObject({ width: 640, height: 229 });
    ways.cut = 3;
    await expect(data.pixels(1)).rejects.toThrow("Cannot get cc3m-train-0000.tar");
  }));

Deno.test("captions: streamed shards of a server without ranges are fetched whole, in a window's order", () =>
  withShards(async ({ ways, sent, told, open, cache }) => {
    ways.ranges = false;
    await expect(open()).rejects.toThrow("captions.window: expected a number of examples");
    const data = await open({ window: 2 });
    expect(told.join("\n")).toContain("gives no parts of a file");
    expect(data.stretches).toEqual({ starts: [0, 3], window: 2 });
    expect(sent.whole).toBe(2);
    for (let i = 0; i < 6; i++) {
      const { width } = await data.size(i);
      expect(await data.pixels(i)).toMatchObject({ width });
    }
    expect(await data.pixels(3)).toMatchObject({ width: 640, height: 229 });
    // Each once more, for all of its pictures; and no file is left.
    expect(sent.whole).toBe(2 + 2);
    expect(await filesIn(cache)).toEqual([expect.stringMatching(/\.rows$/)]);
  }));

const bytesOf = (text: string) => new TextEncoder().encode(text);

Deno.test("captions: of a streamed shard with an index beside it all but the pictures is fetched", () =>
  withShards(async ({ sent, told, files, open, cache }) => {
    const whole = await open({ limit: 6 });
    indexes.forEach((text, i) => files[`/cc3m-train-000${i}.idx`] = bytesOf(text));
    sent.whole = sent.bytes = 0;
    const data = await open();
    expect(sent.whole).toBe(0);
    const shown = 2 * pictures.reduce((sum, { length }) => sum + length, 0);
    expect(sent.bytes).toBeLessThan(first.length + second.length - shown + 10_000);
    expect(told.join()).not.toContain("does not fit");
    const all = [...Array(data.length).keys()];
    expect(all.map((i) => data.record(i))).toEqual(all.map((i) => whole.record(i)));
    expect(await data.fingerprint()).toBe(await whole.fingerprint());
    expect(await data.size(4)).toEqual(await whole.size(4));
    // Nothing but the two indexes of rows.
    expect(await filesIn(cache)).toHaveLength(2);
    // A member that is named as a picture is fetched where the caption is asked of it.
    const odd = await open({ columns: { captions: ["jpg"] } });
    expect(odd.faults.map(({ reason }) => reason)).toEqual(
      Array(6).fill(expect.stringContaining("expected text in UTF-8, found the byte 0xff")),
    );
  }));

Deno.test("captions: headers of pax, which img2dataset leaves, are between the members of an index", () =>
  withShards(async ({ address, sent, told, files, open }) => {
    const read = (name: string) => Deno.readFile(new URL(name, golden));
    files["/img2dataset.tar"] = await read("img2dataset.tar");
    const streamed = address.replace(/[^/]*$/, "img2dataset.tar");
    const here = { path: new URL("img2dataset.tar", golden).pathname, stream: false };
    const { length, ...local } = await open(here);
    const faults = {
      "img2dataset.idx": undefined,
      // A kilobyte too far: the headers were not counted.
      "img2dataset_before_2022.idx": "it does not know 000000000.jpg with 635 bytes at 1536",
    };
    let limit = length;
    for (const [name, fault] of Object.entries(faults)) {
      files["/img2dataset.idx"] = await read(`wds2idx/${name}`);
      [sent.whole, told.length] = [0, 0];
      const data = await open({ path: streamed, limit: limit++ });
      expect(told.some((line) => line.includes("does not fit"))).toBe(fault !== undefined);
      expect(told.join()).toContain(fault ?? "");
      expect(sent.whole).toBe(fault === undefined ? 0 : 1);
      expect(await data.fingerprint()).toBe(await local.fingerprint());
    }
  }));

Deno.test("captions: what cannot be streamed is refused by name", () =>
  withShards(async ({ open, address }) => {
    await expect(open({ path: "/tmp/a.tar" })).rejects
      .toThrow("captions.stream: expected addresses of webdataset shards (https:, hf:)");
    await expect(open({ format: "table" })).rejects.toThrow("found format=table");
    await expect(open({ path: address.replace("cc3m", "other") })).rejects.toThrow("no such file");
  }));

Deno.test("shardName: a file's name, without what an address asks or proves", () => {
  const names = ["https://a.org/b/c.tar?token=secret", "hf:datasets/a/b/c.tar", "/d/c.tar"];
  expect(names.map(shardName)).toEqual(["c.tar", "c.tar", "c.tar"]);
});
