import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { DeviceChoice } from "../runs/run_options.ts";

const devices: readonly DeviceChoice[] = ["auto", "cpu", "webgpu", "cuda", "wasm"];

/**
 * The option `--device` of the package commander, which has one meaning in all commands.
 *
 * @internal
 */
export function deviceOption(): Option<
  "--device <device>",
  undefined,
  "auto",
  undefined,
  false,
  DeviceChoice
> {
  return new Option("--device <device>", "what computes").choices(devices).default("auto" as const);
}

/**
 * Parses an option's value as a whole number.
 *
 * @throws {InvalidArgumentError} from the parser, if it is none or less than `least`.
 */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`);
  };
}
