import type { AssetError } from "../../../../core/host/assets/asset_error.ts";
import { type AssetsOptions, createAssets } from "../../../../core/host/assets/create_assets.ts";
import { freeSpace } from "../../../../core/host/storage/free_space.ts";
import { expect } from "expect";
import { createHash } from "node:crypto";
import { WITH_LOCK } from "../../../helpers/with_lock.ts";

const content = new Uint8Array(300_000).map((_, i) => (i * 31 + (i >> 8)) & 255);
const sha256 = createHash("sha256").update(content).digest("hex");

interface Place {
  cache: string;
  /** Where the cache keeps `hf:o/r/f.bin`. */
  file: string;
  /** What Assets told its `log`. */
  lines: string[];
  assets(endpoint: string, more?: Partial<AssetsOptions>): ReturnType<typeof createAssets>;
}

async function withCache(test: (place: Place) => Promise<void>): Promise<void> {
  const cache = await Deno.makeTempDir();
  const lines: string[] = [];
  try {
    await test({
      cache,
      file: `${cache}/hf/o/r/main/f.bin`,
      lines,
      assets: (endpoint, more) =>
        createAssets({
          cache,
          endpoint,
          retryDelays: [1, 2, 3],
          log: (line) => lines.push(line),
          ...more,
        }),
    });
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

/** What is left of a request when its connection has closed. */
interface Seen {
  url: string;
  authorization: string | null;
}

/** A web server for the time of a test. */
async function withServer(
  answer: (request: Request) => Response | Promise<Response>,
  test: (endpoint: string, requests: Seen[]) => Promise<void>,
): Promise<void> {
  const requests: Seen[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    requests.push({ url: request.url, authorization: request.headers.get("authorization") });
    return answer(request);
  });
  try {
    await test(`http://127.0.0.1:${server.addr.port}`, requests);
  } finally {
    await server.shutdown();
  }
}

/** A server that sends just these bytes and closes, whether they are what they claim or not. */
async function withRawServer(
  answers: (request: string) => { head: string; body: Uint8Array<ArrayBuffer> },
  test: (endpoint: string, requests: string[]) => Promise<void>,
): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const requests: string[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      const buffer = new Uint8Array(8192);
      const count = await connection.read(buffer) ?? 0;
      const request = new TextDecoder().decode(buffer.subarray(0, count));
      requests.push(request);
      const { head, body } = answers(request);
      const writer = connection.writable.getWriter();
      await writer.write(new TextEncoder().encode(`HTTP/1.1 ${head}\r\nConnection: close\r\n\r\n`));
      await writer.write(body).catch(() => {});
      await writer.close().catch(() => {});
    }
  })();
  try {
    await test(`http://127.0.0.1:${listener.addr.port}`, requests);
  } finally {
    listener.close();
    await serving;
  }
}

const rangeOf = (request: string) => /^range: bytes=(\d+)-\r$/im.exec(request)?.[1];
const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
const failure = async (promise: Promise<unknown>): Promise<AssetError> => {
  const error = await promise.then(() => undefined, (error) => error);
  expect(error?.name).toBe("AssetError");
  return error;
};

Deno.test("file: downloads once, keeps it in the cache, tells its progress, leaves nothing else", () =>
  withCache(async (place) => {
    await withServer(() => new Response(content), async (endpoint, requests) => {
      const heard: (number | undefined)[][] = [];
      const assets = place.assets(endpoint, {
        onProgress: ({ file, bytes, total }) => {
          expect(file).toBe("f.bin");
          heard.push([bytes, total]);
        },
      });
      expect(await assets.file("hf:o/r/f.bin", { sha256 })).toBe(place.file);
      expect(await Deno.readFile(place.file)).toEqual(content);
      expect(await assets.optionalFile("hf:o/r/f.bin")).toBe(place.file);
      expect(requests.map(({ url }) => url)).toEqual([`${endpoint}/o/r/resolve/main/f.bin`]);
      expect(names(`${place.cache}/hf/o/r/main`)).toEqual(["f.bin"]);
      expect(heard[0]).toEqual([0, content.length]);
      expect(heard.at(-1)).toEqual([content.length, content.length]);
    });
  }));

Deno.test("file: a web address is kept under its host", () =>
  withCache(async (place) => {
    await withServer(() => new Response("x"), async (endpoint) => {
      const port = new URL(endpoint).port;
      expect(await place.assets(endpoint).file(`${endpoint}/a/b.txt`)).toBe(
        `${place.cache}/http/127.0.0.1%3A${port}/a/b.txt`,
      );
    });
  }));

Deno.test("file: a download that breaks off is continued where it broke", () =>
  withCache(async (place) => {
    await withRawServer((request) => {
      const range = rangeOf(request);
      if (range === undefined) {
        return {
          head: `200 OK\r\nETag: "v1"\r\nContent-Length: ${content.length}`,
          body: content.slice(0, 100_000),
        };
      }
      const start = Number(range);
      return {
        head: `206 Partial Content\r\nETag: "v1"\r\nContent-Length: ${content.length - start}\r\n` +
          `Content-Range: bytes ${start}-${content.length - 1}/${content.length}`,
        body: content.slice(start),
      };
    }, async (endpoint, requests) => {
      await place.assets(endpoint).file("hf:o/r/f.bin", { sha256 });
      expect(await Deno.readFile(place.file)).toEqual(content);
      expect(requests.length).toBe(2);
      expect(rangeOf(requests[1]!)).toBe("100000");
      expect(requests[1]).toMatch(/^if-range: "v1"\r$/im);
      expect(place.lines[1]).toContain("the connection broke off after 100000 of 300000 bytes");
      expect(names(`${place.cache}/hf/o/r/main`)).toEqual(["f.bin"]);
    });
  }));

Deno.test("file: a part left by an earlier process is continued", () =>
  withCache(async (place) => {
    await Deno.mkdir(`${place.cache}/hf/o/r/main`, { recursive: true });
    await Deno.writeFile(`${place.file}.partial`, content.subarray(0, 5));
    await Deno.writeTextFile(`${place.file}.partial.etag`, `"v1"`);
    await withServer((request) => {
      expect(request.headers.get("range")).toBe("bytes=5-");
      const headers = { "content-range": `bytes 5-${content.length - 1}/${content.length}` };
      return new Response(content.subarray(5), { status: 206, headers });
    }, async (endpoint) => {
      await place.assets(endpoint).file("hf:o/r/f.bin");
      expect(await Deno.readFile(place.file)).toEqual(content);
    });
  }));

Deno.test("file: a part whose ETag was cut short by a kill is not continued", () =>
  withCache(async (place) => {
    await Deno.mkdir(`${place.cache}/hf/o/r/main`, { recursive: true });
    for (const etag of ["", '"v']) {
      await Deno.writeFile(`${place.file}.partial`, content.subarray(0, 5));
      await Deno.writeTextFile(`${place.file}.partial.etag`, etag);
      await withServer((request) => {
        expect(request.headers.get("range")).toBe(null);
        return new Response(content);
      }, async (endpoint) => {
        await place.assets(endpoint).file("hf:o/r/f.bin");
        expect(await Deno.readFile(place.file)).toEqual(content);
      });
      await Deno.remove(place.file);
    }
  }));

Deno.test("file: a server that answers with all of the file instead of the rest starts it over", () =>
  withCache(async (place) => {
    let connections = 0;
    await withRawServer(() => ({
      head: `200 OK\r\nETag: "v${connections}"\r\nContent-Length: ${content.length}`,
      body: content.slice(0, connections++ === 0 ? 100_000 : content.length),
    }), async (endpoint, requests) => {
      await place.assets(endpoint).file("hf:o/r/f.bin", { sha256 });
      expect(rangeOf(requests[1]!)).toBe("100000");
      expect(await Deno.readFile(place.file)).toEqual(content);
    });
  }));

Deno.test("file: without a strong ETag nothing is continued", () =>
  withCache(async (place) => {
    let connections = 0;
    await withRawServer(() => ({
      head: `200 OK\r\nETag: W/"v1"\r\nContent-Length: ${content.length}`,
      body: content.slice(0, connections++ === 0 ? 100_000 : content.length),
    }), async (endpoint, requests) => {
      await place.assets(endpoint).file("hf:o/r/f.bin", { sha256 });
      expect(requests.map(rangeOf)).toEqual([undefined, undefined]);
    });
  }));

for (
  const [what, status, range] of [
    ["sends another part than was asked for", 206, "bytes 7-299999/300000"],
    ["refuses the range", 416, "bytes */300000"],
  ] as const
) {
  Deno.test(`file: a server that ${what} is asked for all of the file`, () =>
    withCache(async (place) => {
      await Deno.mkdir(`${place.cache}/hf/o/r/main`, { recursive: true });
      await Deno.writeFile(`${place.file}.partial`, new Uint8Array(5));
      await Deno.writeTextFile(`${place.file}.partial.etag`, `"v1"`);
      await withServer(
        (request) =>
          request.headers.has("range")
            ? new Response("no", { status, headers: { "content-range": range } })
            : new Response(content),
        async (endpoint, requests) => {
          await place.assets(endpoint).file("hf:o/r/f.bin", { sha256 });
          expect(requests.length).toBe(2);
        },
      );
    }));
}

Deno.test("file: a Content-Length that is too long fails with both numbers and no file", () =>
  withCache(async (place) => {
    await withRawServer(
      () => ({ head: "200 OK\r\nContent-Length: 300010", body: content }),
      async (endpoint, requests) => {
        const { message } = await failure(place.assets(endpoint).file("hf:o/r/f.bin"));
        expect(message).toContain("the connection broke off after 300000 of 300010 bytes");
        // One try and three more.
        expect(requests.length).toBe(4);
        expect(names(`${place.cache}/hf/o/r/main`)).toEqual(["f.bin.partial"]);
      },
    );
  }));

Deno.test("file: a Content-Length that is too short is found out by the size that the hub gives", () =>
  withCache(async (place) => {
    await withRawServer(
      () => ({ head: "200 OK\r\nX-Linked-Size: 300000\r\nContent-Length: 299990", body: content }),
      async (endpoint) => {
        const { message } = await failure(place.assets(endpoint).file("hf:o/r/f.bin"));
        expect(message).toContain("(expected 300000 bytes, found 299990)");
        expect(names(`${place.cache}/hf/o/r/main`)).toEqual(["f.bin.partial"]);
      },
    );
  }));

Deno.test("file: a Content-Length that is too short is found out by the SHA-256", () =>
  withCache(async (place) => {
    const found = createHash("sha256").update(content.subarray(0, 299_990)).digest("hex");
    await withRawServer(
      () => ({ head: "200 OK\r\nContent-Length: 299990", body: content }),
      async (endpoint, requests) => {
        const { message } = await failure(place.assets(endpoint).file("hf:o/r/f.bin", { sha256 }));
        expect(message).toContain(`(expected SHA-256 ${sha256}, found ${found})`);
        expect(requests.length).toBe(1);
        expect(names(`${place.cache}/hf/o/r/main`)).toEqual([]);
      },
    );
  }));

Deno.test("file: wrong bytes are found out by the hub's x-linked-etag, given on the redirect", () =>
  withCache(async (place) => {
    const wrong = content.slice().fill(0, 7, 8);
    const found = createHash("sha256").update(wrong).digest("hex");
    await withServer(
      ({ url }) =>
        new URL(url).pathname === "/cdn" ? new Response(wrong) : new Response(null, {
          status: 302,
          headers: { location: "/cdn", "x-linked-etag": `"${sha256}"` },
        }),
      async (endpoint) => {
        const { message } = await failure(place.assets(endpoint).file("hf:o/r/f.bin"));
        expect(message).toContain(`(expected SHA-256 ${sha256}, found ${found})`);
        expect(names(`${place.cache}/hf/o/r/main`)).toEqual([]);
      },
    );
  }));

Deno.test("file: what the disk has no room for is refused before it is downloaded", () =>
  withCache(async (place) => {
    const { bytes: free } = (await freeSpace(place.cache))!;
    let cancelled = false;
    const huge = () => {
      const body = new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(1024)),
        cancel: () => void (cancelled = true),
      });
      return new Response(body, { headers: { "x-linked-size": String(2 * free) } });
    };
    await withServer(huge, async (endpoint, requests) => {
      const { message } = await failure(place.assets(endpoint).file("hf:o/r/f.bin"));
      expect(message).toMatch(/it takes .* GiB, found .* GiB free on the disk of the cache/);
      expect(requests.length).toBe(1);
    });
    expect(cancelled).toBe(true);
  }));

Deno.test("file: a web page in place of the file is refused, and nothing of it is kept", () =>
  withCache(async (place) => {
    const page = () =>
      new Response("<!doctype html><title>Sign in</title>", {
        headers: { "content-type": "text/html; charset=utf-8" },
      });
    await withServer(page, async (endpoint, requests) => {
      const { message } = await failure(place.assets(endpoint).file("hf:o/r/f.bin"));
      expect(message).toContain("found a web page in its place");
      expect(requests.length).toBe(1);
      expect(names(`${place.cache}/hf/o/r/main`)).toEqual([]);
      // Who asks for a page gets it.
      const path = await place.assets(endpoint).file(`${endpoint}/about.html`);
      expect(await Deno.readTextFile(path)).toContain("Sign in");
    });
  }));

Deno.test("file: a mirror's other bytes and too few of them are refused by a SHA-256 that is known", () =>
  withCache(async (place) => {
    const other = content.slice();
    other[1000]! ^= 1;
    for (const body of [other, content.slice(0, -1)]) {
      await withServer(() => new Response(body), async (endpoint) => {
        const { message } = await failure(
          place.assets(endpoint, { retryDelays: [] }).file("hf:o/r/f.bin", { sha256 }),
        );
        expect(message).toContain(`expected SHA-256 ${sha256}, found `);
        expect(await Deno.stat(place.file).catch(() => undefined)).toBe(undefined);
      });
    }
  }));

Deno.test("file: 404 is an error, for optionalFile it is undefined; neither is tried again", () =>
  withCache(async (place) => {
    await withServer(() => new Response("", { status: 404 }), async (endpoint, requests) => {
      const assets = place.assets(endpoint);
      const error = await failure(assets.file("hf:o/r/f.bin"));
      expect(error.message).toBe(
        `Cannot get f.bin: tried ${endpoint}/o/r/resolve/main/f.bin (no such file). ` +
          `Put it at ${place.file}, or set HF_ENDPOINT to a mirror.`,
      );
      expect(error.attempts).toEqual([
        { address: `${endpoint}/o/r/resolve/main/f.bin`, reason: "no such file" },
      ]);
      expect(error.place).toBe(place.file);
      expect(await assets.optionalFile("hf:o/r/f.bin")).toBe(undefined);
      expect(requests.length).toBe(2);
    });
  }));

Deno.test("optionalFile: a repository that does not exist is an error all the same", () =>
  withCache(async (place) => {
    const headers = { "x-error-code": "RepoNotFound" };
    await withServer(() => new Response("", { status: 404, headers }), async (endpoint) => {
      const { message } = await failure(place.assets(endpoint).optionalFile("hf:o/r/f.bin"));
      expect(message).toContain("(no such repository)");
    });
  }));

Deno.test("file: 401 speaks of the token, and is not tried again", () =>
  withCache(async (place) => {
    await withServer(() => new Response("", { status: 401 }), async (endpoint, requests) => {
      const { message } = await failure(place.assets(endpoint).optionalFile("hf:o/r/f.bin"));
      expect(message).toContain("the server answered 401: the file is gated or private");
      expect(message).toContain("accept its terms at https://huggingface.co/o/r and set HF_TOKEN");
      expect(requests.length).toBe(1);
      const web = await failure(place.assets(endpoint).file(`${endpoint}/f.bin`));
      expect(web.message).toContain("f.bin, or set HF_TOKEN to a token that may read it.");
      // The token would not be sent there.
      const elsewhere = await failure(
        place.assets("https://huggingface.co").file(`${endpoint}/f.bin`),
      );
      expect(elsewhere.message).not.toContain("HF_TOKEN");
    });
  }));

Deno.test("file: a data set is asked for at its own place, and its terms stand at its own page", () =>
  withCache(async (place) => {
    const headers = { "x-error-code": "GatedRepo" };
    await withServer(
      () => new Response("", { status: 403, headers }),
      async (endpoint, requests) => {
        const assets = place.assets(endpoint);
        const { message } = await failure(assets.file("hf:datasets/o/r@v1/f.bin"));
        expect(new URL(requests[0]!.url).pathname).toBe("/datasets/o/r/resolve/v1/f.bin");
        expect(message).toContain("(the server answered 403: its terms have to be accepted)");
        expect(message).toContain(
          "or accept its terms at https://huggingface.co/datasets/o/r and set HF_TOKEN to a token",
        );
      },
    );
  }));

for (const status of [500, 503, 429]) {
  Deno.test(`file: ${status} is tried again`, () =>
    withCache(async (place) => {
      let count = 0;
      await withServer(
        () => count++ === 0 ? new Response("", { status }) : new Response(content),
        async (endpoint) => {
          expect(await place.assets(endpoint).file("hf:o/r/f.bin", { sha256 })).toBe(place.file);
          expect(place.lines.at(-1)).toBe(`f.bin: the server answered ${status}; trying again`);
        },
      );
    }));
}

Deno.test("file: the token goes to the endpoint and not along a redirect to another origin", () =>
  withCache(async (place) => {
    await withServer(() => new Response(content), async (cdn, cdnRequests) => {
      await withServer(
        ({ url }) => Response.redirect(url.includes("/api/") ? cdn : url.replace("/o/", "/api/o/")),
        async (endpoint, requests) => {
          await place.assets(endpoint, { token: "secret" }).file("hf:o/r/f.bin");
          const tokens = (list: Seen[]) => list.map(({ authorization }) => authorization);
          expect(tokens(requests)).toEqual(["Bearer secret", "Bearer secret"]);
          expect(tokens(cdnRequests)).toEqual([null]);
        },
      );
    });
  }));

Deno.test("file: a web address elsewhere does not get the token", () =>
  withCache(async (place) => {
    await withServer(() => new Response("x"), async (elsewhere, requests) => {
      await place.assets("http://127.0.0.1:1", { token: "secret" }).file(`${elsewhere}/f`);
      expect(requests[0]!.authorization).toBe(null);
    });
  }));

Deno.test("file: refuses a redirect to http: elsewhere, and one without end", () =>
  withCache(async (place) => {
    const redirect = (location: string) => () =>
      new Response(null, { status: 302, headers: { location } });
    await withServer(redirect("http://example.org/f"), async (endpoint) => {
      const { message } = await failure(place.assets(endpoint).file("hf:o/r/f.bin"));
      expect(message).toContain("redirected to http://example.org, which is not https:");
    });
    await withServer(redirect("/loop"), async (endpoint, requests) => {
      const { message } = await failure(place.assets(endpoint).file("hf:o/r/f.bin"));
      expect(message).toContain("redirected more than 10 times");
      expect(requests.length).toBe(11);
    });
  }));

Deno.test("file: a refused connection is tried four times and told in one sentence", () =>
  withCache(async (place) => {
    // A port that was free a moment ago.
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const endpoint = `http://127.0.0.1:${listener.addr.port}`;
    listener.close();
    const { message } = await failure(place.assets(endpoint).file("hf:o/r/f.bin"));
    expect(message).toMatch(/tried http:\S+f\.bin \(no network: .*refused.*\)\. Put it at /);
    expect(message).not.toContain("\n");
    expect(place.lines.length).toBe(1 + 3);
  }));

Deno.test("file: a server that falls silent counts as broken", () =>
  withCache(async (place) => {
    await withServer(() => {
      const silent = new ReadableStream({
        start: (controller) => controller.enqueue(content.subarray(0, 10)),
      });
      return new Response(silent);
    }, async (endpoint) => {
      const assets = place.assets(endpoint, { stallTimeout: 50, retryDelays: [] });
      const { message } = await failure(assets.file("hf:o/r/f.bin"));
      expect(message).toContain("the server sent nothing for 0.05 seconds");
    });
  }));

Deno.test("file: an error of the progress callback is not disguised as one of the download", () =>
  withCache(async (place) => {
    await withServer(() => new Response(content), async (endpoint) => {
      const fault = new TypeError("mine");
      const assets = place.assets(endpoint, {
        onProgress: () => {
          throw fault;
        },
      });
      await expect(assets.file("hf:o/r/f.bin")).rejects.toBe(fault);
    });
  }));

Deno.test("file: two who want one file at once make one download", () =>
  withCache(async (place) => {
    await withServer(() => new Response(content), async (endpoint, requests) => {
      const paths = await Promise.all(
        [1, 2, 3].map(() => place.assets(endpoint).file("hf:o/r/f.bin", { sha256 })),
      );
      expect(paths).toEqual([place.file, place.file, place.file]);
      expect(requests.length).toBe(1);
    });
  }));

Deno.test("file: two processes that want one file at once make one download", () =>
  withCache(async (place) => {
    const slowly = () => {
      let sent = 0;
      return new Response(
        new ReadableStream({
          pull: async (controller) => {
            await new Promise((resolve) => setTimeout(resolve, 20));
            controller.enqueue(content.subarray(sent, sent += 10_000));
            if (sent >= content.length) controller.close();
          },
        }),
        { headers: { "content-length": String(content.length) } },
      );
    };
    await withServer(slowly, async (endpoint, requests) => {
      const module = new URL("../../../../core/host/assets/create_assets.ts", import.meta.url).href;
      const script = `import { createAssets } from "${module}";
        console.log(await createAssets(${JSON.stringify({ cache: place.cache, endpoint })})
          .file("hf:o/r/f.bin", { sha256: "${sha256}" }));`;
      const config = new URL("../../../../deno.json", import.meta.url).pathname;
      const outputs = await Promise.all([1, 2].map(() =>
        new Deno.Command(Deno.execPath(), {
          args: ["eval", WITH_LOCK, "--config", config, "--ext=ts", script],
        }).output()
      ));
      for (const { stdout, stderr } of outputs) {
        expect(new TextDecoder().decode(stdout).trim() || new TextDecoder().decode(stderr))
          .toBe(place.file);
      }
      expect(requests.length).toBe(1);
    });
  }));

Deno.test({
  name: "file: a cache folder where nobody may write is told",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const assets = createAssets({ cache: "/proc/cache", endpoint: "http://127.0.0.1:1" });
    const { message } = await failure(assets.file("hf:o/r/f.bin"));
    expect(message).toContain("/proc/cache");
    expect(message).toMatch(/os error/);
  },
});

Deno.test("file: what is larger than asked for is told of, and not downloaded", () =>
  withCache(({ assets, file, lines }) =>
    withServer(() => new Response(content), async (endpoint) => {
      const small = assets(endpoint, { largest: content.length - 1 });
      const error = await small.file("hf:o/r/f.bin").catch((error) => error);
      expect(error.name).toBe("LargeFileError");
      expect(error.bytes).toBe(content.length);
      expect(error.message).toBe(
        `${endpoint}/o/r/resolve/main/f.bin (0 MiB) is there to be downloaded`,
      );
      expect(lines).toEqual([]);
      expect(await Deno.stat(file).catch(() => undefined)).toBe(undefined);
      await assets(endpoint, { largest: content.length }).file("hf:o/r/f.bin");
      expect((await Deno.stat(file)).size).toBe(content.length);
    })
  ));
