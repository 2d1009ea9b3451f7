import { setTimeout as delay } from "node:timers/promises";
import type { RowSource } from "./row_source.ts";
import type { ViewRow } from "./view_row.ts";

/** Milliseconds between two looks at the folder, and so many times what a look takes. */
const PAUSE = 1000;
const SHARE = 10;

/**
 * Rows as server-sent events, for as long as somebody listens: `rows` with those that are new or have
 * changed, `gone` with the paths of those that are no longer there, `fault` where the folder cannot be
 * read. The first event has all rows.
 */
export function rowEvents(source: RowSource, signal: AbortSignal): Response {
  const left = new AbortController();
  const events = textOf(source, AbortSignal.any([signal, left.signal]));
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: async (controller) => {
      const { done, value } = await events.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: () => left.abort(),
  });
  return new Response(stream, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
  });
}

async function* textOf(source: RowSource, signal: AbortSignal): AsyncGenerator<string, undefined> {
  let sent = new Map<string, ViewRow>();
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const started = performance.now();
    try {
      const rows = await source.rows();
      const changed = rows.filter((row) => sent.get(row.id) !== row);
      const now = new Map(rows.map((row) => [row.id, row]));
      const gone = [...sent.keys()].filter((id) => !now.has(id));
      if (changed.length > 0 || isFirst) yield event("rows", changed);
      if (gone.length > 0) yield event("gone", gone);
      sent = now;
    } catch (error) {
      yield event("fault", error instanceof Error ? error.message : String(error));
    }
    // Until some time has passed, or nobody waits any more.
    await delay(Math.max(PAUSE, SHARE * (performance.now() - started)), undefined, { signal })
      .catch(() => {});
    // Tells that the connection still stands; without it one that broke is never noticed.
    yield ": still here\n\n";
  }
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
