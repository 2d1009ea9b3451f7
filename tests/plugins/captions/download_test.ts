import { expect } from "expect";
import {
  downloadImages,
  type DownloadImagesOptions,
} from "../../../plugins/captions/download_images.ts";
import { runProgram } from "../../../plugins/app/cli/run_program.ts";
import { runCommand } from "../../helpers/run_command.ts";
import { createSink } from "../../helpers/text_sink.ts";
import { withFolder } from "../../helpers/with_folder.ts";
import { WITH_LOCK } from "../../helpers/with_lock.ts";

const photos = new URL("../../data/photos/", import.meta.url).pathname;
const photo = await Deno.readFile(`${photos}000000161044.jpg`);
const other = await Deno.readFile(`${photos}000000290843.jpg`);
const jpeg = { headers: { "content-type": "image/jpeg" } };

/** A server for the time of a test, and a folder to download into. */
async function withServer(
  answer: (path: string, request: Request) => Response | Promise<Response>,
  test: (base: string, folder: string, asked: string[]) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  // Ended at once: what asks to shut down waits for connections, also for those of a process that was
  // killed in the midst of an answer, and may do so for ever.
  const end = new AbortController();
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {}, signal: end.signal };
  const server = Deno.serve(options, (request) => {
    const path = new URL(request.url).pathname;
    asked.push(path);
    return answer(path, request);
  });
  try {
    await withFolder((folder) => test(`http://127.0.0.1:${server.addr.port}`, folder, asked));
  } finally {
    end.abort();
    await server.finished;
  }
}

const run = (
  options: Pick<DownloadImagesOptions, "addresses" | "folder"> & Partial<DownloadImagesOptions>,
) => downloadImages({ retryDelays: [1, 2], ...options });

async function lines(path: string): Promise<Record<string, unknown>[]> {
  const text = await Deno.readTextFile(path);
  return text.trimEnd().split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

/** Paths of all files but the lock, the index and the failures. */
function pictures(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? [...Deno.readDirSync(`${folder}/${name}`)].map((file) => `${name}/${file.name}`)
      : []
  ).sort();
}

Deno.test("downloadImages: colliding names stay apart, each address is asked for once", () =>
  withServer(
    (path) => new Response(path.startsWith("/a/") ? photo : other, jpeg),
    async (base, folder, asked) => {
      const addresses = [`${base}/a/x.jpg`, `${base}/b/x.jpg`, `${base}/a/x.jpg`];
      const summary = await run({ addresses, folder });
      expect(summary).toEqual({
        downloaded: 2,
        present: 0,
        failed: 0,
        reasons: new Map(),
        stopped: false,
      });
      expect(asked.sort()).toEqual(["/a/x.jpg", "/b/x.jpg"]);
      const index = new Map(
        (await lines(`${folder}/downloads.jsonl`)).map((line) => [line.url, line]),
      );
      for (const [i, bytes] of [photo, other].entries()) {
        const { file, width } = index.get(addresses[i]!)!;
        // 32 hexadecimal digits of the address's SHA-256, the first two as a folder before.
        const digest = await crypto.subtle.digest(
          "SHA-256",
          new TextEncoder().encode(addresses[i]!),
        );
        const hash = new Uint8Array(digest).toHex().slice(0, 32);
        expect(file).toBe(`${hash.slice(0, 2)}/${hash}.jpg`);
        expect(width).toBe(i === 0 ? 640 : 428);
        expect(await Deno.readFile(`${folder}/${file}`)).toEqual(bytes);
      }
      expect(pictures(folder).length).toBe(2);
    },
  ));

Deno.test("downloadImages: what cannot pass is written down with its reason and not asked again", () =>
  withServer((path) => {
    switch (path) {
      case "/page":
        return new Response("<!doctype html>", { headers: { "content-type": "text/html" } });
      case "/lying":
        return new Response("<!doctype html>", jpeg);
      case "/drawing":
        return new Response('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', {
          headers: { "content-type": "image/svg+xml" },
        });
      case "/declined":
        return new Response(photo, { headers: { "x-robots-tag": "noindex, noai" } });
      case "/large":
        return new Response(other, jpeg);
      default:
        return new Response(null, { status: 404 });
    }
  }, async (base, folder, asked) => {
    const paths = ["/page", "/lying", "/drawing", "/declined", "/large", "/gone"];
    const addresses = [...paths.map((path) => base + path), "ftp://a.org/b", "relative.jpg"];
    const maxBytes = other.length - 1;
    const first = await run({ addresses, folder, maxBytes });
    expect([first.downloaded, first.failed]).toEqual([0, 8]);
    const faults = new Map(
      (await lines(`${folder}/failures.jsonl`)).map(({ url, ...rest }) => [url, rest]),
    );
    const formats = "expected a JPEG, PNG, WebP, GIF, TIFF or AVIF picture, found";
    const reasons = [
      "expected a picture, found text/html",
      `${formats} 15 bytes that begin no picture`,
      `${formats} svg`,
      "the server declines its use for training (X-Robots-Tag)",
      `expected at most ${maxBytes} bytes, found more`,
      "the server answered 404",
      "expected an http: or https: address",
      "expected an http: or https: address",
    ];
    for (const [i, reason] of reasons.entries()) {
      expect(faults.get(addresses[i]!)).toEqual({ reason, again: false });
    }
    expect([...first.reasons][0]).toEqual(["expected an http: or https: address", 2]);
    expect(asked.length).toBe(6);
    const second = await run({ addresses, folder, maxBytes });
    expect([second.failed, asked.length]).toEqual([8, 6]);
    // The large one may be had now.
    const third = await run({ addresses, folder, retryFailed: true });
    expect([third.downloaded, third.failed, asked.length]).toEqual([1, 7, 12]);
    expect((await lines(`${folder}/failures.jsonl`)).map(({ url }) => url)).not
      .toContain(`${base}/large`);
    expect(pictures(folder).length).toBe(1);
  }));

Deno.test("downloadImages: what may pass is tried again, in this run and in the next", () => {
  const left = new Map([["/503", 2], ["/500", 100]]);
  return withServer((path) => {
    const count = left.get(path)!;
    left.set(path, count - 1);
    return count > 0 ? new Response(null, { status: Number(path.slice(1)) }) : new Response(photo);
  }, async (base, folder, asked) => {
    const addresses = [`${base}/503`, `${base}/500`];
    const first = await run({ addresses, folder });
    expect([first.downloaded, first.failed]).toEqual([1, 1]);
    // Three tries each.
    expect(asked.length).toBe(6);
    expect(await lines(`${folder}/failures.jsonl`)).toEqual([
      { url: addresses[1], reason: "the server answered 500", again: true },
    ]);
    left.set("/500", 0);
    const second = await run({ addresses, folder });
    expect([second.downloaded, second.present, second.failed]).toEqual([1, 1, 0]);
    expect(await Deno.readTextFile(`${folder}/failures.jsonl`)).toBe("");
  });
});

Deno.test("downloadImages: Retry-After is kept, for the whole server; too long a wait is a failure", () => {
  const times: number[] = [];
  return withServer((path) => {
    if (path === "/later") {
      return new Response(null, { status: 429, headers: { "retry-after": "3600" } });
    }
    times.push(performance.now());
    return times.length === 1
      ? new Response(null, { status: 429, headers: { "retry-after": "1" } })
      : new Response(photo);
  }, async (base, folder) => {
    const addresses = [`${base}/a`, `${base}/b`];
    // One at a time: without the pause, b would be asked for while a waits.
    const summary = await run({ addresses, folder, concurrency: 1 });
    expect(summary.downloaded).toBe(2);
    expect(times[1]! - times[0]!).toBeGreaterThan(990);
    const late = await run({ addresses: [`${base}/later`], folder });
    expect([...late.reasons]).toEqual([["the server answered 429", 1]]);
    expect((await lines(`${folder}/failures.jsonl`))[0]).toMatchObject({ again: true });
  });
});

Deno.test("downloadImages: a paused server is left alone by the other requests too", () => {
  const times = new Map<string, number>();
  return withServer(async (path) => {
    const first = !times.has("/a");
    if (path === "/a" && first) {
      times.set("/a", performance.now());
      return new Response(null, { status: 429, headers: { "retry-after": "1" } });
    }
    if (path === "/b") await new Promise((resolve) => setTimeout(resolve, 100));
    times.set(path, performance.now());
    return new Response(photo);
  }, async (base, folder) => {
    // a is refused while b is under way; c comes when b is done, within the pause.
    const addresses = [`${base}/a`, `${base}/b`, `${base}/c`];
    const start = performance.now();
    await run({ addresses, folder, concurrency: 2 });
    expect(times.get("/c")! - start).toBeGreaterThan(990);
  });
});

Deno.test("downloadImages: slow bodies break off, and so do servers that send drop by drop", () =>
  withServer(
    (path) => {
      let timer: ReturnType<typeof setInterval> | undefined;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(photo.subarray(0, 1000));
          if (path !== "/drops") return;
          timer = setInterval(() => controller.enqueue(new Uint8Array(1)), 20);
        },
        cancel: () => clearInterval(timer),
      });
      return new Response(body, jpeg);
    },
    async (base, folder) => {
      const reasonOf = async (path: string, limits: Partial<DownloadImagesOptions>) => {
        const addresses = [base + path];
        return [...(await run({ addresses, folder, retryDelays: [], ...limits })).reasons.keys()];
      };
      expect(await reasonOf("/stalls", { stallTimeout: 200 }))
        .toEqual(["the server sent nothing for 0.2 s"]);
      expect(await reasonOf("/drops", { timeout: 300 }))
        .toEqual(["the answer took more than 0.3 s"]);
      expect(pictures(folder)).toEqual([]);
    },
  ));

Deno.test("downloadImages: a connection that breaks off is tried again, and nothing half is left", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let connections = 0;
  const serving = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(8192));
      const head =
        `HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: ${photo.length}\r\n` +
        "Connection: close\r\n\r\n";
      const writer = connection.writable.getWriter();
      await writer.write(new TextEncoder().encode(head));
      await writer.write(photo.slice(0, connections++ === 1 ? photo.length : 20_000)).catch(
        () => {},
      );
      await writer.close().catch(() => {});
    }
  })();
  try {
    await withFolder(async (folder) => {
      const base = `http://127.0.0.1:${listener.addr.port}`;
      const first = await run({ addresses: [`${base}/a`], folder });
      expect([first.downloaded, connections]).toEqual([1, 2]);
      // From now on every connection breaks off.
      const second = await run({ addresses: [`${base}/a`, `${base}/b`], folder });
      expect([second.present, second.failed, connections]).toEqual([1, 1, 5]);
      expect([...second.reasons.keys()][0]).toContain("no answer, or a broken one");
      expect(pictures(folder).length).toBe(1);
    });
  } finally {
    listener.close();
    await serving;
  }
});

Deno.test("downloadImages: stops at a signal and goes on later; the index may end in half a line", () =>
  withServer(() => new Response(photo, jpeg), async (base, folder, asked) => {
    const addresses = Array.from({ length: 20 }, (_, i) => `${base}/${i}`);
    const controller = new AbortController();
    const first = await run({
      addresses,
      folder,
      concurrency: 2,
      signal: controller.signal,
      // Two may be done before either is told of.
      onProgress: ({ downloaded }) => downloaded >= 5 && controller.abort(),
    });
    expect(first.stopped).toBe(true);
    expect(first.downloaded).toBeGreaterThanOrEqual(5);
    expect(first.downloaded).toBeLessThan(20);
    // As a process that was killed leaves it: half a line, half a picture, a picture without a line.
    await Deno.writeTextFile(`${folder}/downloads.jsonl`, '{"url":"http', { append: true });
    await Deno.mkdir(`${folder}/.partial`, { recursive: true });
    await Deno.writeFile(`${folder}/.partial/xx-half.jpg`, photo.subarray(0, 100));
    const before = asked.length;
    const second = await run({ addresses, folder });
    expect(second.present).toBe(first.downloaded);
    expect(second.downloaded).toBe(20 - first.downloaded);
    expect(asked.length - before).toBe(20 - first.downloaded);
    expect((await lines(`${folder}/downloads.jsonl`)).length).toBe(20);
    expect(pictures(folder).length).toBe(20);
    // A picture that somebody has removed is downloaded again.
    await Deno.remove(`${folder}/${pictures(folder)[0]}`);
    expect((await run({ addresses, folder })).downloaded).toBe(1);
  }));

Deno.test("downloadImages: a process that is killed leaves whole pictures only", () => {
  const killed = Promise.withResolvers<void>();
  return withServer(
    async (path) => {
      // So that it does not end before it is killed.
      if (path === "/20") await killed.promise;
      return new Response(photo, jpeg);
    },
    async (base, folder) => {
      const module = new URL("../../../plugins/captions/download_images.ts", import.meta.url).href;
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          "eval",
          WITH_LOCK,
          "--no-check",
          `import { downloadImages } from "${module}";
           const addresses = Array.from({ length: 21 }, (_, i) => "${base}/" + i);
           await downloadImages({
             addresses, folder: "${folder}", concurrency: 2,
             onProgress: ({ downloaded }) => downloaded === 15 && console.log("now"),
           });`,
        ],
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const reader = child.stdout.getReader();
      expect((await reader.read()).done).toBe(false);
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
      killed.resolve();
      for (const name of pictures(folder).filter((name) => !name.startsWith(".partial"))) {
        expect((await Deno.stat(`${folder}/${name}`)).size).toBe(photo.length);
      }
      const addresses = Array.from({ length: 20 }, (_, i) => `${base}/${i}`);
      const summary = await run({ addresses, folder });
      expect(summary.present).toBeGreaterThanOrEqual(15);
      expect(summary.present + summary.downloaded).toBe(20);
    },
  );
});

Deno.test("downloadImages: no more at a time, and no more in a second, than asked", () => {
  let now = 0;
  let most = 0;
  return withServer(async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 30));
    now--;
    return new Response(photo, jpeg);
  }, async (base, folder) => {
    const addresses = Array.from({ length: 12 }, (_, i) => `${base}/${i}`);
    await run({ addresses, folder, concurrency: 3 });
    expect([2, 3]).toContain(most);
    const start = performance.now();
    const more = addresses.map((address) => `${address}/more`);
    await run({ addresses: more, folder, concurrency: 12, rate: 50 });
    // 11 pauses of 20 ms.
    expect(performance.now() - start).toBeGreaterThan(219);
  });
});

Deno.test("downloadImages: one process at a time, a broken index and wrong options are refused", () =>
  withServer(() => new Response(photo), async (base, folder) => {
    const addresses = [`${base}/a`];
    const addressesThatWait = (async function* () {
      yield* addresses;
      await expect(run({ addresses, folder })).rejects.toThrow("another process downloads");
    })();
    expect((await run({ addresses: addressesThatWait, folder })).downloaded).toBe(1);
    await Deno.writeTextFile(`${folder}/downloads.jsonl`, '{"url":1}\n');
    await expect(run({ addresses, folder })).rejects.toThrow(
      "downloads.jsonl, line 1: expected url",
    );
    await Deno.writeTextFile(`${folder}/downloads.jsonl`, "{\n");
    await expect(run({ addresses, folder })).rejects.toThrow(SyntaxError);
    await expect(run({ addresses, folder, concurrency: 0 })).rejects.toThrow(RangeError);
  }));

Deno.test("downloadImages: a table that breaks off ends it with the table's error", () =>
  withServer(() => new Response(photo), async (base, folder) => {
    const addresses = (async function* () {
      yield `${base}/a`;
      await Promise.resolve();
      throw new SyntaxError("row 2");
    })();
    await expect(run({ addresses, folder })).rejects.toThrow("row 2");
    expect((await run({ addresses: [], folder })).stopped).toBe(false);
  }));

Deno.test("download-images: downloads a table's pictures and says what became of them", () =>
  withServer(
    (path) => path === "/gone" ? new Response(null, { status: 404 }) : new Response(photo, jpeg),
    async (base, folder) => {
      const table = `${folder}/table.csv`;
      await Deno.writeTextFile(table, `url,caption\n${base}/a,A lamp.\n${base}/gone,A cat.\n`);
      const stdout = createSink();
      const stderr = createSink();
      const world = {
        stdout,
        stderr,
        terminal: false,
        width: () => 80,
        embeddings: () => "none",
        loadEngine: () => Promise.reject(new Error("not needed")),
      };
      const call = (...args: string[]) =>
        runProgram(["download-images", ...args], undefined, world);
      expect(await call(table, `${folder}/images`)).toBe(0);
      expect(stdout.text()).toBe(
        `${folder}/images: 1 downloaded, 0 there before, 1 failed\n  1  the server answered 404\n`,
      );
      expect(await call(`${folder}/none.csv`, `${folder}/images`)).toBe(1);
      expect(stderr.text()).toContain("none.csv");
      expect(await call(table, `${folder}/images`, "--rate", "0")).toBe(2);
    },
  ));

Deno.test({
  name: "downloadImages: a picture that the disk has no room for is named, and comes the next time",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withServer(
      // What follows the end of a JPEG is of no account.
      (path) => new Response(path === "/large" ? padded(photo, 3 << 20) : photo, jpeg),
      async (base, folder) => {
        const addresses = [`${base}/a`, `${base}/b`, `${base}/large`, `${base}/c`];
        const module =
          new URL("../../../plugins/captions/download_images.ts", import.meta.url).href;
        const script = `import { downloadImages } from "${module}";
          await downloadImages({
            addresses: ${JSON.stringify(addresses)}, folder: "${folder}", concurrency: 1,
          }).catch(({ name, message }) => console.log(name, message));`;
        // 4096 blocks of 512 bytes a file; the signal that goes with it is ignored.
        const { stdout } = await new Deno.Command("sh", {
          args: [
            ...["-c", `trap '' XFSZ; ulimit -f 4096; exec "$0" eval "$1" --no-check "$2"`],
            ...[Deno.execPath(), WITH_LOCK, script],
          ],
        }).output();
        expect(new TextDecoder().decode(stdout)).toMatch(
          /^StorageError \S+\/[0-9a-f]{32}\.jpg cannot be written: the file is too large for the disk/,
        );
        expect((await lines(`${folder}/downloads.jsonl`)).map(({ url }) => url))
          .toEqual(addresses.slice(0, 2));
        for (const name of pictures(folder)) {
          expect((await Deno.stat(`${folder}/${name}`)).size).toBe(photo.length);
        }
        const { present, downloaded } = await run({ addresses, folder });
        expect({ present, downloaded }).toEqual({ present: 2, downloaded: 2 });
      },
    ),
});

function padded(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(length);
  longer.set(bytes);
  return longer;
}

Deno.test("download-images: parts that are merged are the folder of one run, each asked for once", () =>
  withServer(
    (path) => path.endsWith("7") ? new Response(null, { status: 404 }) : new Response(photo, jpeg),
    async (base, folder, asked) => {
      // In two files, as LAION-COCO is in 128.
      const table = `${folder}/part-{00000..00001}-c000.csv`;
      const addresses = Array.from({ length: 20 }, (_, i) => `${base}/${i % 18}`);
      for (const [part, some] of [addresses.slice(0, 12), addresses.slice(12)].entries()) {
        await Deno.writeTextFile(
          `${folder}/part-0000${part}-c000.csv`,
          `url\n${some.join("\n")}\n`,
        );
      }
      const call = (out: string, ...args: string[]) =>
        runCommand("download-images", table, out, ...args);
      await call(`${folder}/whole`);
      const all = asked.splice(0).sort();
      expect(all.length).toBe(18);
      await call(`${folder}/some`, "--limit", "14");
      expect(asked.splice(0).length).toBe(14);
      const out = `${folder}/parted`;
      for (const part of [3, 1, 2, 2]) {
        expect((await call(out, "--shard", `${part}/3`)).code).toBe(0);
      }
      expect(asked.sort()).toEqual(all);
      for (let time = 0; time < 2; time++) {
        const { code, out: said } = await runCommand("merge", out);
        expect({ code, said })
          .toEqual({ code: 0, said: `${out}: 16 pictures and 2 failures from 3 parts\n` });
      }
      expect(pictures(out)).toEqual(pictures(`${folder}/whole`));
      for (const { url, file } of await lines(`${out}/downloads.jsonl`)) {
        expect(addresses).toContain(url);
        expect(await Deno.readFile(`${out}/${file}`)).toEqual(photo);
      }
      const sorted = async (path: string) => (await Deno.readTextFile(path)).split("\n").sort();
      for (const name of ["downloads.jsonl", "failures.jsonl"]) {
        expect(await sorted(`${out}/${name}`)).toEqual(await sorted(`${folder}/whole/${name}`));
      }
    },
  ));
