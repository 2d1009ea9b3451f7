import { expect } from "expect";
import {
  frame,
  readFrames,
  stepOfEvent,
} from "../../../../plugins/app/tensorboard/event_records.ts";
import { tensorboard } from "../../../../plugins/app/tensorboard/tensorboard.ts";
import { EVENT_FILE, openEventFile } from "../../../../plugins/app/tensorboard/event_file.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("frame: is TFRecord's, with masked CRC-32C", () => {
  // The CRC-32C of "123456789" is e3069283 (RFC 3720's polynomial). Masked: turned right by 15 bits,
  // 2507c60d, plus a282ead8 = c78ab0e5, here with its least byte first.
  const bytes = frame(new TextEncoder().encode("123456789"));
  expect(bytes.length).toBe(8 + 4 + 9 + 4);
  expect([...bytes.slice(0, 8)]).toEqual([9, 0, 0, 0, 0, 0, 0, 0]);
  expect(bytes.slice(-4).toHex()).toBe("e5b08ac7");
  expect(readFrames(bytes)).toEqual([new TextEncoder().encode("123456789")]);
});

Deno.test("openEventFile: writes Event messages as TensorFlow's do", () =>
  withFolder(async (folder) => {
    const path = `${folder}/${EVENT_FILE}`;
    await openEventFile(path, () => 2).append({ step: 300, objective: "o", loss: 0.5, note: "x" });
    const [version, event, ...others] = readFrames(await Deno.readFile(path));
    expect(others).toEqual([]);
    // Field 1, a double: 2 is 4000000000000000; field 3, 13 bytes of text.
    expect(version!.toHex()).toBe(
      "090000000000000040" + "1a0d" + new TextEncoder().encode("brain.Event:2").toHex(),
    );
    // Field 2: 300 as a varint is ac02. Field 5: a summary of one value, 13 bytes: field 1, 6 bytes
    // "o/loss", field 2, the float 0.5 (3f000000).
    const value = "0a06" + new TextEncoder().encode("o/loss").toHex() + "150000003f";
    expect(event!.toHex()).toBe("090000000000000040" + "10ac02" + "2a0f" + "0a0d" + value);
    expect(stepOfEvent(event!)).toBe(300);
  }));

Deno.test("openEventFile: truncated, later steps and a torn tail are gone, and it goes on", () =>
  withFolder(async (folder) => {
    const path = `${folder}/${EVENT_FILE}`;
    const events = openEventFile(path, () => 0);
    await events.truncate(5);
    for (const step of [1, 2, 3]) await events.append({ step, loss: step, terms: { a: 1 } });
    await events.append({ step: 3, objective: "only words" });
    const steps = async () => readFrames(await Deno.readFile(path)).map(stepOfEvent);
    expect(await steps()).toEqual([0, 1, 2, 3]);
    const whole = await Deno.readFile(path);
    await Deno.writeFile(path, whole.slice(0, -1));
    await events.truncate(9);
    expect(await steps()).toEqual([0, 1, 2]);
    await events.truncate(1);
    await events.append({ step: 2, loss: 7 });
    expect(await steps()).toEqual([0, 1, 2]);
    const damaged = await Deno.readFile(path);
    damaged[damaged.length - 6]! ^= 1;
    expect(readFrames(damaged).length).toBe(2);
  }));

Deno.test("tensorboard: writes every step, and after a resumption only those from there on", () =>
  withFolder(async (folder) => {
    const step = (number: number, loss: number) => ({
      step: number,
      epoch: 0,
      objective: "clic",
      loss,
      terms: {},
      repeats: {},
      lr: 1,
      seconds: 1,
      waitSeconds: 0,
      deviceSeconds: 1,
      samplesPerSecond: 8,
      total: 2,
    });
    const start = { folder, manifest: {}, total: 2, log: () => {} };
    const first = tensorboard();
    await first.onStart!({ ...start, from: 0 });
    for (const number of [1, 2]) await first.onStep!(step(number, 1 / number));
    const resumed = tensorboard();
    await resumed.onStart!({ ...start, from: 1 });
    await resumed.onStep!(step(2, 3));
    const events = readFrames(await Deno.readFile(`${folder}/${EVENT_FILE}`));
    expect(events.map(stepOfEvent)).toEqual([0, 1, 2]);
  }));
