import { sizeOf } from "../graph/node.ts";
import type { Device, DeviceTensor, Tensors } from "./device.ts";
import { bytesPerElement } from "./host_array.ts";
import { isLate, lateTensor, type LateValue } from "./late_tensor.ts";

/** A device on which a program that has shown what it takes is not run again. */
export interface RehearsalDevice extends Device {
  /** Runs so far, and how many of them were left out. */
  readonly runs: () => { readonly made: number; readonly leftOut: number };
  /** Seconds that the runs left out would have taken. */
  readonly leftOutSeconds: () => number;
}

/** Hears of the runs of programs; an error of its own ends the work. */
export interface RunWatch {
  /**
   * Before a run whose results take so many bytes, without those that it writes in place. Among them
   * are those that results of runs left out would still have.
   */
  readonly before: (bytes: number) => void;
  /** After a run that was made, whose results stand; `bytes` are those of runs left out. */
  readonly after: (bytes: number) => void;
}

/** A program is run twice, since the first time is slower; but once where that took so many seconds. */
const LONG = 3;

/**
 * Wraps a device for measuring what work would take: each program is run once or twice; after that
 * its results are those of its last run again, which take memory only where something is done with
 * them, tensors that it would write into stay as they are, and its last time is counted. Steps of
 * large batches, which run few programs many times over, are then measured in a fraction of their
 * time.
 *
 * @param watch Hears of all runs, those left out as well: their results take memory too.
 */
export function rehearse(device: Device, watch?: RunWatch): RehearsalDevice {
  let made = 0;
  let leftOut = 0;
  let leftOutSeconds = 0;
  let late = 0;
  const hold = (bytes: number) => late += bytes;
  return {
    ...device,
    runs: () => ({ made, leftOut }),
    leftOutSeconds: () => leftOutSeconds,
    compile: async (signature, options) => {
      const program = await device.compile(signature, options);
      const sizes = Object.entries(signature.outputs).map((
        [name, { shape, dtype }],
      ) => [name, sizeOf(shape) * bytesPerElement[dtype]] as const);
      const takenBy = (into: Tensors) =>
        sizes.reduce(
          (sum, [name, bytes]) => options?.inPlace && name in into ? sum : sum + bytes,
          0,
        );
      let runs = 0;
      let seconds = 0;
      let last: readonly (readonly [name: string, value: LateValue])[] = [];
      return {
        run: async (inputs, into = {}) => {
          watch?.before(late + takenBy(into));
          if (runs === 2 || seconds > LONG) {
            leftOut++;
            leftOutSeconds += seconds;
            return Object.fromEntries(
              last.map(([name, value]) => [name, lateTensor(device, value, hold)]),
            );
          }
          const started = performance.now();
          const results = await program.run(allReal(inputs), allReal(into));
          await finished(results, into);
          watch?.after(late);
          seconds = (performance.now() - started) / 1000;
          runs++;
          made++;
          last = await Promise.all(
            Object.entries(results).map(async ([name, tensor]) => {
              const { shape, dtype } = tensor;
              return [name, { data: await tensor.read(), shape, dtype }] as const;
            }),
          );
          return results;
        },
        dispose: () => program.dispose(),
      };
    },
  };
}

/** Tensors as the device itself has them. */
function allReal(tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, each]) => [name, isLate(each) ? each.real() : each]),
  );
}

/** Waits until a run has really been made: a GPU's call returns before its work is done. */
async function finished(results: Record<string, DeviceTensor>, into: Tensors = {}): Promise<void> {
  const written = [...Object.values(results), ...Object.values(into)];
  await written.sort((a, b) => a.bytes - b.bytes)[0]?.read();
}
