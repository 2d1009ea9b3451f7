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
 * The option `--threads` of the package commander.
 *
 * @internal
 */
export function threadsOption(): Option<
  "--threads <n>",
  undefined,
  undefined,
  number,
  false,
  undefined
> {
  return new Option(
    "--threads <n>",
    "threads that compute on the processor; default: one a core, shared with what a launcher has " +
      "started beside this process",
  ).argParser(wholeNumber(1));
}

/**
 * The option `--whole-states` of the package commander.
 *
 * @internal
 */
export function wholeStatesOption(): Option<
  "--whole-states",
  undefined,
  false,
  undefined,
  false,
  undefined
> {
  return new Option(
    "--whole-states",
    "each of the processes that a launcher has started keeps all of the optimiser's tensors and makes " +
      "the whole update, not its own part alone; the result is the same",
  ).default(false as const);
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
