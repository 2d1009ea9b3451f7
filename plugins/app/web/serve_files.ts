import type { SiteFile } from "./site_file.ts";

/** Nothing but the page's own files runs or is asked for. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Answers requests for files by their names; `/` is `index.html`. */
export function serveFiles(files: ReadonlyMap<string, SiteFile>): (request: Request) => Response {
  return ({ url, method }) => {
    if (method !== "GET" && method !== "HEAD") return new Response(null, { status: 405 });
    const name = decodeURIComponent(new URL(url).pathname).slice(1) || "index.html";
    const found = files.get(name);
    if (found === undefined) return new Response(`there is no ${name}\n`, { status: 404 });
    return new Response(method === "HEAD" ? null : found.bytes, {
      headers: {
        "content-type": found.type,
        "content-length": String(found.bytes.length),
        "content-security-policy": POLICY,
        "cache-control": "no-cache",
        // With these wasm may have threads.
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "x-content-type-options": "nosniff",
      },
    });
  };
}
