/** The worker behind `createPicturePool`: answers each task with a picture or with what went wrong. */
import { decodePicture } from "./decode.ts";
import { PictureError } from "../../images/picture_error.ts";
import { applyOperation } from "../../images/operation.ts";
import type { PoolReply, PoolTask } from "./pool.ts";

// Checked with a page's types as part of the project, with a worker's types when a worker starts.
const scope = globalThis as typeof globalThis & {
  postMessage(reply: PoolReply, transfer: ArrayBuffer[]): void;
};

scope.addEventListener("message", async (event: unknown) => {
  const task = (event as MessageEvent<PoolTask>).data;
  try {
    const raster = applyOperation(await decodePicture(task.source, task.where), task.operation);
    // A decoder may hand out a part of a larger buffer, which must not go with it.
    const { buffer, byteLength } = raster.data;
    const data = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
      ? new Uint8Array(buffer)
      : raster.data.slice();
    scope.postMessage({ kind: "raster", raster: { ...raster, data } }, [data.buffer]);
  } catch (error) {
    const reply: PoolReply = error instanceof PictureError
      ? { kind: "picture_error", where: error.where, reason: error.reason }
      : { kind: "error", error };
    scope.postMessage(reply, []);
  }
});
