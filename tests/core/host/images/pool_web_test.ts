import { expect } from "expect";
import { add } from "../../../../core/graph/elementwise.ts";
import { input } from "../../../../core/graph/node.ts";
import { createPicturePool } from "../../../../core/host/images/pool.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";

// In a file of its own: the pool must be the first, with no session of onnxruntime-web before it.
Deno.test("createPicturePool: decodes after a session of onnxruntime-web was opened", async () => {
  using pool = createPicturePool({ workers: 1 });
  const device = await openDevice("wasm");
  const x = input("x", "float32", [1]);
  const program = await device.compile({ inputs: [x], outputs: { y: add(x, x) } });
  const gif = Uint8Array.fromBase64("R0lGODdhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=");
  const { data } = await pool.decode(gif, { kind: "full" });
  expect([...data]).toEqual([255, 0, 0]);
  await program.dispose();
  await device.dispose();
});
