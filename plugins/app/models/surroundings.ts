/**
 * What models that are loaded at the same time have in common: workers that decode pictures, and
 * devices.
 *
 * @module
 */
import type { Device } from "../../../core/device/device.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { type Lease, shared } from "../../../core/shared.ts";
import type { DeviceChoice } from "../runs/run_options.ts";

/** Whether a device may have opened a session of onnxruntime-web, after which no worker starts. */
let webWasOpened = false;

/** Workers that decode pictures, shared by all who ask at the same time. */
export const leasePicturePool = shared(
  () => Promise.resolve(createPicturePool(webWasOpened ? { workers: 0 } : {})),
  (pool) => pool.close(),
);

const devices = new Map<DeviceChoice, () => Promise<Lease<Device>>>();

/** The device of a kind, shared by all who ask for it at the same time. */
export function leaseDevice(choice: DeviceChoice): Promise<Lease<Device>> {
  let lease = devices.get(choice);
  if (lease === undefined) {
    const open = async () => {
      const device = await openDevice(choice);
      webWasOpened ||= device.kind === "wasm" || device.kind === "webgpu";
      return device;
    };
    devices.set(choice, lease = shared(open, (device) => device.dispose()));
  }
  return lease();
}
