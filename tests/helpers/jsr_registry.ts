/**
 * A registry in the layout of JSR, on loopback. `deno publish` fills it, Deno loads from it, with
 * `JSR_URL` set to its address.
 *
 * @module
 */
import { unpackTar } from "modern-tar";

/** A registry that serves what was published to it. */
export interface JsrRegistry extends AsyncDisposable {
  /** For `JSR_URL`. */
  readonly url: string;
  /** Paths that were asked for and found, in order. */
  readonly served: readonly string[];
  /** Ends it: from then on nothing answers at its address. */
  stop(): Promise<void>;
}

interface Version {
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly meta: Record<string, unknown>;
}

/** Starts an empty registry. */
export function startJsrRegistry(): JsrRegistry {
  const packages = new Map<string, Map<string, Version>>();
  const served: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      const response = pathname.startsWith("/api/")
        ? await answerApi(request, pathname.slice("/api".length), packages)
        : answerFile(pathname, packages);
      if (response.ok) served.push(pathname);
      return response;
    },
  );
  const { port } = server.addr;
  const stop = () => server.shutdown();
  return { url: `http://127.0.0.1:${port}/`, served, stop, [Symbol.asyncDispose]: stop };
}

type Packages = Map<string, Map<string, Version>>;

/** What `deno publish` asks for: whether scope and package are there, and the upload of a version. */
async function answerApi(request: Request, path: string, packages: Packages): Promise<Response> {
  const [, scope, name, version] =
    /^\/scopes\/([^/]+)(?:\/packages\/([^/]+)(?:\/versions\/([^/]+))?)?$/.exec(path) ?? [];
  if (request.method === "POST" && version !== undefined) {
    const key = `@${scope}/${name}`;
    const versions = packages.get(key) ?? new Map<string, Version>();
    packages.set(key, versions.set(version, await unpack(request.body!)));
    return Response.json({ id: key, status: "success", error: null });
  }
  if (path.startsWith("/publish_status/")) {
    return Response.json({ id: path, status: "success", error: null });
  }
  const isThere = scope !== undefined &&
    (version === undefined || packages.get(`@${scope}/${name}`)?.has(version));
  return isThere ? Response.json({ scope, name, version }) : notFound();
}

async function unpack(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Version> {
  const tar = body.pipeThrough(new DecompressionStream("gzip"));
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { header, data } of await unpackTar(tar)) {
    if (header.type !== "file") continue;
    files.set(`/${header.name.replace(/^\.?\//, "")}`, new Uint8Array(data!));
  }
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for (const [path, bytes] of files) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    manifest[path] = { size: bytes.length, checksum: `sha256-${digest.toHex()}` };
  }
  const { exports } = JSON.parse(new TextDecoder().decode(files.get("/deno.json")));
  return { files, meta: { manifest, exports } };
}

function answerFile(path: string, packages: Packages): Response {
  const [, key, rest] = /^\/(@[^/]+\/[^/]+)\/(.*)$/.exec(path) ?? [];
  const versions = packages.get(key ?? "");
  if (versions === undefined || rest === undefined) return notFound();
  if (rest === "meta.json") {
    const [scope, name] = key!.slice(1).split("/");
    const known = Object.fromEntries([...versions.keys()].map((version) => [version, {}]));
    return Response.json({ scope, name, latest: [...versions.keys()].at(-1), versions: known });
  }
  const [, described] = /^(.*)_meta\.json$/.exec(rest) ?? [];
  if (described !== undefined && versions.has(described)) {
    return Response.json(versions.get(described)!.meta);
  }
  const slash = rest.indexOf("/");
  const bytes = versions.get(rest.slice(0, slash))?.files.get(rest.slice(slash));
  if (bytes === undefined) return notFound();
  return new Response(bytes, { headers: { "content-type": typeOf(rest) } });
}

/** JSR's types: what is no module is served as what it is. */
function typeOf(path: string): string {
  if (path.endsWith(".ts")) return "text/typescript";
  if (path.endsWith(".js")) return "text/javascript";
  return path.endsWith(".json") ? "application/json" : "application/octet-stream";
}

function notFound(): Response {
  return new Response("not found", { status: 404 });
}
