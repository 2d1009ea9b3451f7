import type { Tensor } from "../../core/graph/tensor.ts";
import { openDevice } from "../../core/host/devices/open_device.ts";

/** The values of a tensor whose graph has no inputs, on the native CPU. */
export async function evaluateGraph(tensor: Tensor): Promise<number[]> {
  const device = await openDevice("cpu");
  const program = await device.compile({ inputs: [], outputs: { tensor } });
  const { tensor: result } = await program.run({});
  const values = Array.from(await result!.read(), Number);
  await program.dispose();
  await device.dispose();
  return values;
}
