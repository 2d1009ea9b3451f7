import { expect } from "expect";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import type { ParameterSpec } from "../../../../core/model.ts";
import { lend, savedTensors } from "../../../../core/training/loop/saved_tensors.ts";
import { createTrainingState, disposeState } from "../../../../core/training/loop/state.ts";
import { adamw } from "../../../../core/training/optimizers/adamw.ts";
import { joinedExchanges } from "../../../helpers/joined_exchange.ts";

const trained: readonly ParameterSpec[] = [
  { name: "large", part: "image", shape: [6] },
  { name: "small", part: "image", shape: [2] },
];

Deno.test("savedTensors: the names do not tell how many processes keep them, and each is kept once", async () => {
  const device = await openDevice("cpu", { threads: 1 });
  const stateOf = (parted?: { readonly rank: number; readonly size: number }) =>
    createTrainingState({
      ...{ device, trained, optimizer: adamw({ lr: 1 }), objectives: [], parted },
      parameters: new Map(
        trained.map(({ name, shape }) => [name, device.zeros(shape, "float32")]),
      ),
    });
  const whole = stateOf();
  const exchanges = joinedExchanges(2);
  const states = exchanges.map((exchange) => stateOf(exchange));
  const names = Array.from(savedTensors(whole), ({ name, shape }) => [name, shape]);
  expect(names).toEqual([
    ...[["parameter:large", [6]], ["first:large", [6]], ["second:large", [6]]],
    ...[["parameter:small", [2]], ["first:small", [2]], ["second:small", [2]]],
  ]);
  // The slots of the larger parameter are the first process's, those of the other the second one's.
  expect(states.map(({ slots }) => [...slots.get("first")!.keys()])).toEqual([["large"], [
    "small",
  ]]);
  const found = await Promise.all(states.map(async (state, rank) => {
    const place = { device, exchange: exchanges[rank]! };
    const values: number[][] = [];
    for (const saved of savedTensors(state)) {
      expect(saved.at).toBe(
        saved.name.startsWith("parameter") ? undefined : saved.name.endsWith("large") ? 0 : 1,
      );
      if (saved.at === undefined) continue;
      // The first process gives values; then the one that keeps them has them.
      await lend(
        saved,
        place,
        0,
        () => Promise.resolve(),
        () => Promise.resolve(new Float32Array(saved.shape[0]!).fill(saved.name.length)),
      );
      if (saved.tensor !== undefined) {
        expect((await saved.tensor.read())[0]).toBe(saved.name.length);
      }
      values.push([
        ...await lend(saved, place, saved.at, (tensor) => tensor.read()),
      ] as number[]);
    }
    return values;
  }));
  const wanted = [
    ...[new Array(6).fill(11), new Array(6).fill(12)],
    ...[new Array(2).fill(11), new Array(2).fill(12)],
  ];
  expect(found).toEqual([wanted, wanted]);
  for (const state of [whole, ...states]) disposeState(state);
  await device.dispose();
});
