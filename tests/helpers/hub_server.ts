/**
 * A hub on loopback that speaks the protocol by which models are pushed: repositories, which files are
 * large, uploads of large files by their checksum (Git LFS), commits.
 *
 * @module
 */

/** A repository of the hub. */
export interface HubRepository {
  visibility: string;
  /** Files of the last commits, by path; large ones as their checksum. */
  readonly files: Map<string, string>;
  readonly commits: string[];
}

/** A hub that keeps what is pushed to it. */
export interface HubServer extends AsyncDisposable {
  readonly url: string;
  readonly repositories: ReadonlyMap<string, HubRepository>;
  /** Large files that came up, by their SHA-256. */
  readonly uploaded: ReadonlyMap<string, number>;
  /** Method and path of every request, and the token that came with it. */
  readonly requests: readonly { readonly line: string; readonly token: string | null }[];
  /** How many large files may still come up; the next is refused once, when these stand. */
  room: number;
}

/** Starts an empty hub that one token may write to. */
export function startHub(token: string): HubServer {
  const repositories = new Map<string, HubRepository>();
  const uploaded = new Map<string, number>();
  const requests: { line: string; token: string | null }[] = [];
  const storing: Promise<unknown>[] = [];
  const refuse = (status: number, error: string) => Response.json({ error }, { status });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname, origin } = new URL(request.url);
      const sent = request.headers.get("authorization")?.replace("Bearer ", "") ?? null;
      requests.push({ line: `${request.method} ${pathname}`, token: sent });
      const oid = /^\/storage\/(\w+)$/.exec(pathname)?.[1];
      if (oid !== undefined) {
        if (hub.room === 0) {
          hub.room = Infinity;
          await Promise.all(storing);
          return refuse(500, "the storage is not well");
        }
        hub.room--;
        const stored = request.arrayBuffer().then(async (bytes) => {
          const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
          if (digest !== oid) return refuse(400, "other bytes than were announced");
          uploaded.set(oid, bytes.byteLength);
          return new Response();
        });
        storing.push(stored);
        return await stored;
      }
      // What a token may not see is not told from what is not there.
      if (sent !== token) return refuse(401, `Invalid credentials: ${sent}`);
      if (pathname === "/api/repos/create") {
        const { name, organization, visibility } = await request.json();
        if (repositories.has(`${organization}/${name}`)) return refuse(409, "it is there already");
        repositories.set(`${organization}/${name}`, { visibility, files: new Map(), commits: [] });
        return Response.json({ url: `${origin}/${organization}/${name}`, id: "1" });
      }
      const [, name, rest = ""] = /^\/(?:api\/models\/)?([\w.-]+\/[\w-]+)(?:\.git)?(\/.*)?$/
        .exec(pathname) ?? [];
      const repository = repositories.get(name ?? "");
      if (repository === undefined) return refuse(404, "Repository not found");
      if (/^(\/revision\/\w+)?$/.test(rest)) {
        const facts = { id: name, private: repository.visibility !== "public", gated: false };
        return Response.json({
          ...facts,
          _id: "1",
          downloads: 0,
          likes: 0,
          lastModified: "2026-01-01",
        });
      }
      if (rest.startsWith("/preupload/")) {
        const { files } = await request.json() as { files: { path: string; size: number }[] };
        return Response.json({
          files: files.map(({ path }) => ({
            path,
            uploadMode: path.endsWith(".safetensors") ? "lfs" : "regular",
            shouldIgnore: false,
          })),
        });
      }
      if (rest === "/info/lfs/objects/batch") {
        const { objects } = await request.json() as { objects: { oid: string; size: number }[] };
        return Response.json({
          transfer: "basic",
          objects: objects.map(({ oid, size }) =>
            uploaded.has(oid) ? { oid, size } : {
              ...{ oid, size, authenticated: true },
              actions: { upload: { href: `${origin}/storage/${oid}` } },
            }
          ),
        });
      }
      if (rest.startsWith("/commit/")) {
        const lines = (await request.text()).split("\n").map((line) => JSON.parse(line));
        for (const { key, value } of lines) {
          if (key === "header") repository.commits.push(value.summary);
          if (key === "file") repository.files.set(value.path, atob(value.content));
          if (key !== "lfsFile") continue;
          if (!uploaded.has(value.oid)) return refuse(400, "a large file is missing");
          repository.files.set(value.path, value.oid);
        }
        const commitUrl = `${origin}/${name}/commit/abc`;
        return Response.json({ success: true, commitOid: "abc", commitUrl, hookOutput: "" });
      }
      return refuse(404, "no such page");
    },
  );
  const hub: HubServer = {
    url: `http://127.0.0.1:${server.addr.port}`,
    ...{ repositories, uploaded, requests, room: Infinity },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return hub;
}
