// @ts-types="@types/d3-array"
import { nice } from "d3-array";
// @ts-types="@types/d3-format"
import { format } from "d3-format";
import type { Axis } from "./plot.ts";

const steps = format("~s");

/** The axis of a run's steps, up to the last one. */
export function stepAxis(total: number): Axis {
  return { from: 0, to: total, ticks: 4, format: steps, grid: false, title: "step" };
}

/**
 * The axis of values; one that never changes gets an axis with room around it.
 *
 * @param most No value is greater, so no axis goes on. Default: there is no such limit.
 */
export function valueAxis(least: number, greatest: number, most = Infinity): Axis {
  const room = least === greatest ? Math.abs(least) / 10 || 1 : 0;
  const [from, to] = room === 0
    ? nice(least, greatest, 4)
    : [least - room, Math.min(greatest + room, most)];
  const write = format(greatest < 1e-3 ? "~e" : ".4~g");
  return { from, to, ticks: 4, format: (value) => value === 0 ? "0" : write(value), grid: true };
}
