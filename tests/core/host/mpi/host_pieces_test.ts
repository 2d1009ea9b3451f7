import { expect } from "expect";
import type { DeviceTensor } from "../../../../core/device/device.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import { hostPieces } from "../../../../core/host/mpi/host_pieces.ts";

Deno.test("hostPieces: reads and writes pieces of tensors where they stand or in copies", async () => {
  const device = await openDevice("cpu", { threads: 1 });
  const near = device.upload(Float32Array.of(1, 2, 3, 4, 5), [5], "float32");
  const far: DeviceTensor = {
    ...{ dtype: "float32", shape: [5], bytes: 20 },
    read: () => near.read(),
    write: (data) => near.write(data),
    clear: () => near.clear(),
    dispose: () => {},
  };
  for (const tensor of [near, far]) {
    const [reading, writing] = [hostPieces(), hostPieces()];
    const into = new Float32Array(3);
    await reading.read([{ tensor, start: 0, end: 3 }], into);
    expect([...into]).toEqual([1, 2, 3]);
    await reading.read([{ tensor, start: 3, end: 5 }], into);
    expect([...into]).toEqual([4, 5, 3]);
    writing.write([{ tensor, start: 0, end: 2 }], Float32Array.of(9, 8));
    writing.write([{ tensor, start: 2, end: 5 }], Float32Array.of(7, 6, 5));
    expect([...await near.read()]).toEqual([9, 8, 7, 6, 5]);
    near.write(Float32Array.of(1, 2, 3, 4, 5));
  }
  near.dispose();
  await device.dispose();
});
