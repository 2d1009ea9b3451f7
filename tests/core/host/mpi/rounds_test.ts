import { expect } from "expect";
import type { DeviceTensor } from "../../../../core/device/device.ts";
import { roundsOf } from "../../../../core/host/mpi/rounds.ts";

function tensor(length: number): DeviceTensor {
  return {
    dtype: "float32",
    shape: [length],
    bytes: 4 * length,
    read: () => Promise.reject(new Error("not asked for")),
    write: () => {},
    clear: () => {},
    dispose: () => {},
  };
}

Deno.test("roundsOf: every value goes round once, each process's in the order of its tensors", () => {
  const lengths = [7, 3, 0, 12, 1, 5];
  const places = [0, 2, 1, 2, 0, 2];
  const placed = lengths.map((length, i) => ({ tensor: tensor(length), at: places[i]! }));
  const rounds = [...roundsOf(placed, 3, 8)];
  // Process 1 has nothing: 4 values of each of two, until process 0 is through; then 8 of one.
  expect(rounds.map(({ counts }) => counts)).toEqual([[4, 0, 4], [4, 0, 4], [0, 0, 8], [0, 0, 4]]);
  for (const at of [0, 1, 2]) {
    const pieces = rounds.flatMap(({ parts }) => parts[at]!);
    const joined = placed.filter((each) => each.at === at).flatMap(({ tensor }) => {
      const own = pieces.filter((piece) => piece.tensor === tensor);
      own.forEach(({ start }, i) => expect(start).toBe(i === 0 ? 0 : own[i - 1]!.end));
      return own;
    });
    expect(pieces).toEqual(joined);
    const length = pieces.reduce((sum, { start, end }) => sum + end - start, 0);
    expect(length).toBe(lengths.reduce((sum, each, i) => places[i] === at ? sum + each : sum, 0));
  }
});
