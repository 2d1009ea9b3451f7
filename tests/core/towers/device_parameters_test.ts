import { expect } from "expect";
import type { Device, DeviceTensor } from "../../../core/device/device.ts";
import type { DualEncoder, ParameterSpec } from "../../../core/model.ts";
import { uploadParameters } from "../../../core/towers/device_parameters.ts";

const MILLION = 1e6;

/** A model whose parameters have lengths in millions, and a device that writes down what happens. */
function watched(lengths: Readonly<Record<string, number>>, broken?: string) {
  const events: string[] = [];
  const parameters = Object.entries(lengths).map(([name, millions]): ParameterSpec => ({
    ...{ name, shape: [millions * MILLION], part: "image" },
  }));
  const model = {
    name: "watched",
    parameters,
    read: (names?: readonly string[]) => {
      events.push(`read ${names?.join(" ")}`);
      return Promise.resolve(
        new Map(
          names?.map((name) => {
            const data = new Float32Array(lengths[name]! * MILLION);
            if (name === broken) data[1] = NaN;
            return [name, { shape: [data.length], data }];
          }),
        ),
      );
    },
  } as unknown as DualEncoder;
  const device = {
    upload: (data: Float32Array, shape: readonly number[]) => {
      events.push(`upload ${data.length / MILLION}`);
      return { shape, dispose: () => events.push("dispose") } as unknown as DeviceTensor;
    },
  } as unknown as Device;
  return { model, device, events };
}

Deno.test("uploadParameters: a large model is read in parts, one tensor at least", async () => {
  const { model, device, events } = watched({ a: 20, b: 40, c: 5, d: 70, e: 1 });
  const parameters = await uploadParameters(device, model);
  expect([...parameters.keys()]).toEqual(["a", "b", "c", "d", "e"]);
  expect(events).toEqual([
    ...["read a b", "upload 20", "upload 40", "read c", "upload 5"],
    ...["read d", "upload 70", "read e", "upload 1"],
  ]);
});

Deno.test("uploadParameters: what was put on the device before a fault is freed", async () => {
  const { model, device, events } = watched({ a: 60, b: 60 }, "b");
  await expect(uploadParameters(device, model)).rejects.toThrow(
    'watched: parameter "b" holds NaN',
  );
  expect(events.at(-1)).toBe("dispose");
});

Deno.test("uploadParameters: a parameter that read does not give is named", async () => {
  const { model, device, events } = watched({ a: 1, b: 1 });
  const read = async () => new Map([...await model.read(["a"])]);
  await expect(uploadParameters(device, { ...model, read })).rejects.toThrow(
    'watched: expected read to give "b", found none of that name',
  );
  expect(events.at(-1)).toBe("dispose");
});
