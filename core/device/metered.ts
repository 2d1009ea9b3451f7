import type { Device } from "./device.ts";

/** A device that counts the time its programs take. */
export interface MeteredDevice extends Device {
  /** Seconds spent in runs of programs so far. */
  readonly busySeconds: () => number;
}

/** Adds a meter to a device: the time from the call of each run to its results. */
export function meterDevice(device: Device): MeteredDevice {
  let milliseconds = 0;
  return {
    ...device,
    busySeconds: () => milliseconds / 1000,
    compile: async (signature, options) => {
      const program = await device.compile(signature, options);
      return {
        run: async (inputs, into) => {
          const started = performance.now();
          try {
            return await program.run(inputs, into);
          } finally {
            milliseconds += performance.now() - started;
          }
        },
        dispose: () => program.dispose(),
      };
    },
  };
}
