import { expect } from "expect";
import type { Communicator } from "../../../../core/host/mpi/communicator.ts";
import { mpiExchange } from "../../../../core/host/mpi/mpi_exchange.ts";
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
    sum: (values, into) => {
      calls.push(`sum ${values.length}`);
      into.set(values.map((each) => 3 * each));
      return Promise.resolve();
    },
    share: (bytes) => {
      calls.push(`share ${bytes.length}`);
      // The first process has sevens.
      if (rank !== 0) new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4).fill(7);
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

Deno.test("mpiExchange: small tensors go round together, large ones in pieces", async () => {
  const device = await openDevice("cpu", { threads: 1 });
  const large = 2 ** 24 + 5;
  const lengths = [3, 4, large, 2];
  const tensors = lengths.map((length, i) =>
    device.upload(new Float32Array(length).fill(i + 1), [length], "float32")
  );
  const calls: string[] = [];
  const exchange = mpiExchange(threefold(1, calls));
  await exchange.sum(tensors);
  expect(calls.splice(0)).toEqual(["sum 7", `sum ${2 ** 24}`, "sum 5", "sum 2"]);
  for (const [i, tensor] of tensors.entries()) {
    const values = await tensor.read() as Float32Array;
    expect([values.length, values[0], values.at(-1)]).toEqual([lengths[i], 3 * i + 3, 3 * i + 3]);
  }
  await exchange.share(tensors.slice(0, 2));
  expect(calls).toEqual(["share 28"]);
  expect([...await tensors[1]!.read() as Float32Array]).toEqual([7, 7, 7, 7]);
  const whole = device.upload(BigInt64Array.of(1n), [1], "int64");
  await expect(exchange.sum([whole])).rejects.toThrow(
    /expected a tensor of float32, found .*int64/,
  );
  for (const tensor of [...tensors, whole]) tensor.dispose();
  await device.dispose();
});
