import type { PicturePool } from "../../images/picture_pool.ts";
import { decodePicture } from "./decode.ts";
import { PictureError } from "../../images/picture_error.ts";
import { applyOperation, type PictureOperation } from "../../images/operation.ts";
import type { Raster } from "../../images/raster.ts";

/** How a pool works. */
export interface PicturePoolOptions {
  /**
   * How many pictures are worked on at a time, each by a worker of its own; 0 works on the calling
   * thread. Default: one less than the processor has threads, at least 1, at most 8.
   */
  readonly workers?: number;
}

/** What a worker is sent. */
export interface PoolTask {
  readonly source: string | Uint8Array;
  readonly where: string | undefined;
  readonly operation: PictureOperation;
}

/** What a worker answers. */
export type PoolReply =
  | { readonly kind: "raster"; readonly raster: Raster }
  | { readonly kind: "picture_error"; readonly where: string; readonly reason: string }
  | { readonly kind: "error"; readonly error: unknown };

interface Job {
  readonly task: PoolTask;
  readonly resolve: (raster: Raster) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Starts a pool of workers that decode and resize pictures.
 *
 * @throws {RangeError} if `workers` is not a whole number of at least 0.
 *
 * @example
 * ```ts
 * import { createPicturePool } from "./pool.ts";
 *
 * const gif = Uint8Array.fromBase64("R0lGODdhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=");
 * using pool = createPicturePool({ workers: 0 });
 * const raster = await pool.decode(gif, { kind: "square", size: 2 });
 * console.assert(raster.width === 2 && raster.data[0] === 255);
 * ```
 */
export function createPicturePool(options: PicturePoolOptions = {}): PicturePool {
  const size = options.workers ?? Math.min(8, Math.max(1, navigator.hardwareConcurrency - 1));
  if (!Number.isInteger(size) || size < 0) {
    throw new RangeError(`workers: expected a whole number of at least 0, found ${size}`);
  }
  const idle: Worker[] = [];
  const busy = new Map<Worker, Job>();
  const waiting: Job[] = [];
  let closed = false;

  const next = (): void => {
    while (waiting.length > 0) {
      const worker = idle.pop() ?? (busy.size < size ? start() : undefined);
      if (worker === undefined) return;
      const job = waiting.shift()!;
      busy.set(worker, job);
      worker.postMessage(job.task);
    }
  };
  const start = (): Worker => {
    const worker = new Worker(new URL("./pool_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data: reply }: MessageEvent<PoolReply>) => {
      const job = busy.get(worker);
      busy.delete(worker);
      idle.push(worker);
      if (job !== undefined) settle(job, reply);
      next();
    };
    // A worker that fails outside a task cannot be used again; the others go on.
    worker.onerror = (event) => {
      event.preventDefault();
      const job = busy.get(worker);
      busy.delete(worker);
      worker.terminate();
      job?.reject(new Error(`the picture worker failed: ${event.message}`));
      next();
    };
    return worker;
  };
  const close = (): void => {
    closed = true;
    const reason = new Error("the picture pool was closed before the picture was done");
    for (const job of [...busy.values(), ...waiting]) job.reject(reason);
    for (const worker of [...idle, ...busy.keys()]) worker.terminate();
    idle.length = 0;
    waiting.length = 0;
    busy.clear();
  };
  // All at once, and not when they are needed: a worker that is made after onnxruntime-web has opened
  // a session never starts (Deno 2.9.6; tests/images_pool_web_test.ts).
  for (let i = 0; i < size; i++) idle.push(start());
  return {
    async decode(source, operation, where) {
      if (closed) throw new Error("the picture pool is closed");
      if (size === 0) return applyOperation(await decodePicture(source, where), operation);
      return await new Promise<Raster>((resolve, reject) => {
        waiting.push({ task: { source, operation, where }, resolve, reject });
        next();
      });
    },
    close,
    [Symbol.dispose]: close,
  };
}

function settle(job: Job, reply: PoolReply): void {
  switch (reply.kind) {
    case "raster":
      return job.resolve(reply.raster);
    case "picture_error":
      return job.reject(new PictureError(reply.where, reply.reason));
    case "error":
      return job.reject(reply.error);
  }
}
