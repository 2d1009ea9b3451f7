import type { DeviceTensor } from "../../device/device.ts";
import type { ParameterSpec } from "../../model.ts";
import type { Exchange } from "../../processes/exchange.ts";
import { placesOf } from "../../processes/places.ts";

/** The gradients of a step, on their way to their sums over all processes. */
export interface SharedGradients {
  /**
   * Refuses another batch where sums are under way: its gradients come too late for them.
   *
   * @throws {TypeError} then.
   */
  check(): void;
  /** Begins to add up those of one part of the model, which nothing is added to before the update. */
  begin(part: ParameterSpec["part"]): void;
  /** Comes back when all of them are added up. */
  finish(): Promise<void>;
}

/**
 * Adds gradients up over processes while those of other parts are still computed.
 *
 * @param parted Whether each process needs the sums of its own parameters alone.
 */
export function shareGradients(
  trained: readonly ParameterSpec[],
  gradients: ReadonlyMap<string, DeviceTensor>,
  exchange: Exchange,
  parted: boolean,
): SharedGradients {
  const places = placesOf(trained, exchange.size);
  const under = new Set<string>();
  let sums: Promise<unknown>[] = [];
  const sum = (specs: readonly ParameterSpec[]) => {
    const due = specs.filter(({ name }) => !under.has(name));
    if (due.length === 0) return;
    for (const { name } of due) under.add(name);
    const tensors = due.map(({ name }) => ({
      tensor: gradients.get(name)!,
      at: places.get(name)!,
    }));
    // Asked for at once: all processes must ask in the same order.
    const done = Promise.all([exchange.sum(tensors), parted ? undefined : exchange.share(tensors)]);
    // Its error comes when the sums are waited for.
    done.catch(() => {});
    sums.push(done);
  };
  return {
    check: () => {
      if (under.size === 0) return;
      throw new TypeError("expected an update after the last batch, found another batch");
    },
    begin: (part) => {
      if (exchange.size > 1) sum(trained.filter((each) => each.part === part));
    },
    finish: async () => {
      if (exchange.size === 1) return;
      sum(trained);
      await Promise.all(sums);
      sums = [];
      under.clear();
    },
  };
}
