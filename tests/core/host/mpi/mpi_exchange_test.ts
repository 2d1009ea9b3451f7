import { expect } from "expect";
import type { DeviceTensor } from "../../../../core/device/device.ts";
import type { Communicator } from "../../../../core/host/mpi/communicator.ts";
import { mpiExchange } from "../../../../core/host/mpi/mpi_exchange.ts";
import { placedFirst } from "../../../../core/processes/exchange.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";

/** A communicator of a process and its two likes, which bring and have the same. */
function threefold(rank: number, calls: string[]): Communicator {
  return {
    rank,
    size: 3,
    gather: (bytes) => {
      calls.push(`gather ${bytes.length}`);
      return Promise.resolve(Uint8Array.from([...bytes, ...bytes, ...bytes]));
    },
    sumParts: (values, counts, into) => {
      calls.push(`sum ${counts.join()}`);
      const start = counts.slice(0, rank).reduce((a, b) => a + b, 0);
      into.set(values.subarray(start, start + counts[rank]!).map((each) => 3 * each));
      return Promise.resolve();
    },
    shareParts: (own, counts, into) => {
      calls.push(`share ${counts.join()}`);
      let start = 0;
      // The others have a hundred times their rank.
      counts.forEach((count, at) => into.fill(100 * at, start, start += count));
      into.set(own, counts.slice(0, rank).reduce((a, b) => a + b, 0));
      return Promise.resolve();
    },
  };
}

Deno.test("mpiExchange: rows and names keep their order, whatever is in a name", async () => {
  const exchange = mpiExchange(threefold(1, []));
  expect([...await exchange.gather(Float32Array.of(1, -0.5))]).toEqual([1, -0.5, 1, -0.5, 1, -0.5]);
  expect((await exchange.gather(new Float32Array(0))).length).toBe(0);
  const names = ["", 'a\n"b', "ü, \u2028"];
  expect(await exchange.gatherNames(names)).toEqual([...names, ...names, ...names]);
});

/** A tensor whose values are not on the host, as a graphics adapter's. */
function distant(values: Float32Array): DeviceTensor & { readonly reads: () => number } {
  let held = values.slice();
  let reads = 0;
  return {
    dtype: "float32",
    shape: [values.length],
    bytes: values.byteLength,
    read: () => (reads++, Promise.resolve(held.slice())),
    write: (data) => void (held = (data as Float32Array).slice()),
    clear: () => void held.fill(0),
    dispose: () => {},
    reads: () => reads,
  };
}

Deno.test("mpiExchange: each process's tensors go round beside those of the others, in pieces", async () => {
  const device = await openDevice("cpu", { threads: 1 });
  const large = 2 ** 23 + 5;
  const lengths = [3, 4, large, 2];
  const places = [0, 1, 1, 0];
  const filled = lengths.map((length, i) => new Float32Array(length).fill(i + 1));
  const near = filled.map((values) => device.upload(values, [values.length], "float32"));
  const far = filled.map(distant);
  for (const tensors of [near, far]) {
    const placed = tensors.map((tensor, i) => ({ tensor, at: places[i]! }));
    const calls: string[] = [];
    const exchange = mpiExchange(threefold(1, calls));
    await exchange.sum(placed);
    // A round has room for 2²³ values: half of them for each of two, all of them for one.
    expect(calls.splice(0)).toEqual([`sum 5,${2 ** 22},0`, `sum 0,${2 ** 22 + 9},0`]);
    const after = async () => {
      const all = await Promise.all(tensors.map((tensor) => tensor.read()));
      return all.map((values) => [values.length, values[0], values.at(-1)]);
    };
    expect(await after()).toEqual([[3, 1, 1], [4, 6, 6], [large, 9, 9], [2, 4, 4]]);
    await exchange.share(placed);
    expect(calls).toEqual([`share 5,${2 ** 22},0`, `share 0,${2 ** 22 + 9},0`]);
    expect(await after()).toEqual([[3, 0, 0], [4, 6, 6], [large, 9, 9], [2, 0, 0]]);
    await exchange.share(placedFirst(tensors.slice(1, 2)));
    expect([...await tensors[1]!.read()]).toEqual([0, 0, 0, 0]);
  }
  // Read once for the sum, once to be shared and twice by this test: not once a piece.
  expect(far[2]!.reads()).toBe(4);
  const whole = device.upload(BigInt64Array.of(1n), [1], "int64");
  await expect(mpiExchange(threefold(1, [])).sum(placedFirst([whole]))).rejects.toThrow(
    /expected a tensor of float32, found .*int64/,
  );
  for (const tensor of [...near, whole]) tensor.dispose();
  await device.dispose();
});
