import { isLoopback } from "../../../core/host/is_loopback.ts";
import { join } from "node:path";
import type { SiteFile } from "../web/site_file.ts";
import { serveFiles } from "../web/serve_files.ts";
import { type CompareOptions, comparePage, type ViewModel } from "./compare_page.ts";
import { lookInside } from "./inside.ts";
import { newSteps, scoreCurves } from "./read_curves.ts";
import { rowEvents } from "./row_events.ts";
import { type RowSource, rowSource } from "./row_source.ts";
import type { ViewRow } from "./view_row.ts";

/** What is served. */
export interface ViewOptions extends CompareOptions {
  /** The files of the page. */
  readonly files: ReadonlyMap<string, SiteFile>;
  /** The name by which this machine was asked to listen. */
  readonly host: string;
  /** Ends what goes on while a page is open. */
  readonly signal: AbortSignal;
}

/** A report runs its own script, and knows nothing of this server. */
const REPORT_POLICY = "sandbox allow-scripts allow-downloads allow-popups";

/**
 * Answers requests for the page over a folder of runs. Folders are named by what was listed, so that
 * no request leads elsewhere; what a link leads out of the folder for is not read.
 */
export function serveView(options: ViewOptions): (request: Request) => Promise<Response> {
  const { root, files, host, signal } = options;
  const source = rowSource(root);
  const file = serveFiles(files);
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    // A page from elsewhere that has taken this machine's address for its own is not answered.
    if (isLoopback(host) && !isLoopback(hostOf(request))) {
      return new Response(`there is nothing for ${hostOf(request)}\n`, { status: 403 });
    }
    if (request.method !== "GET" && request.method !== "HEAD") return file(request);
    try {
      switch (pathname) {
        case "/events":
          return rowEvents(source, signal);
        case "/steps": {
          const { id } = await rowOf(source, searchParams.get("run"));
          return json(await newSteps(root, id, searchParams.get("from") ?? ""));
        }
        case "/curves":
          return json(await scoreCurves(root, (await rowOf(source, searchParams.get("run"))).id));
        case "/compare":
          return page(
            await comparePage([
              await modelOf(source, searchParams.get("a")),
              await modelOf(source, searchParams.get("b")),
            ], options),
          );
        default: {
          const run = /^\/runs\/(.+)\/report\.html$/.exec(pathname)?.[1];
          return run === undefined
            ? file(request)
            : await report(root, (await rowOf(source, decodeURIComponent(run))).id);
        }
      }
    } catch (error) {
      const isKnown = error instanceof RangeError || error instanceof SyntaxError ||
        error instanceof URIError;
      if (!isKnown) throw error;
      return new Response(`${error.message}\n`, { status: 404, headers: plain("text/plain") });
    }
  };
}

/** The name that a request was sent to, without the port. */
function hostOf({ headers, url }: Request): string {
  return new URL(`http://${headers.get("host") ?? new URL(url).host}`).hostname;
}

async function rowOf(source: RowSource, id: string | null): Promise<ViewRow> {
  const row = id === null ? undefined : await source.row(id);
  if (row !== undefined) return row;
  throw new RangeError(`expected the folder of a run, found ${id ?? "none"}`);
}

/** A model by its row and its stage: `clic-tiny-20260102T030405/after`. */
async function modelOf(source: RowSource, name: string | null): Promise<ViewModel> {
  const at = name?.lastIndexOf("/") ?? -1;
  const row = await rowOf(source, name === null || at < 0 ? name : name.slice(0, at));
  const stage = name!.slice(at + 1);
  if (row.stages.includes(stage)) return { row, stage };
  throw new RangeError(
    `${row.id}: expected one of its models (${row.stages.join(", ") || "none"}), found ${stage}`,
  );
}

async function report(root: string, id: string): Promise<Response> {
  const info = await lookInside(root, id, "report.html");
  if (!info?.isFile) throw new RangeError(`${id}: there is no report`);
  const file = await Deno.open(join(root, id, "report.html"));
  const headers = { ...plain("text/html"), "content-security-policy": REPORT_POLICY };
  return new Response(file.readable, { headers });
}

function json(value: unknown): Response {
  return new Response(JSON.stringify(value), { headers: plain("application/json") });
}

/** The page says itself what it may run and load. */
function page(markup: string): Response {
  return new Response(markup, { headers: plain("text/html") });
}

function plain(type: string): Record<string, string> {
  return {
    "content-type": `${type}; charset=utf-8`,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
  };
}
