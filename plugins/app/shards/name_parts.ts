import type { PartState } from "./part_states.ts";

/** Parts by their numbers, for people: `3 and 5 to 7 are dead`; empty if there are none. */
export function nameParts(states: readonly PartState[], state: PartState["state"]): string {
  const numbers = states.filter((each) => each.state === state).map(({ number }) => number);
  if (numbers.length === 0) return "";
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  const named = ranges.map(([from, to]) =>
    from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from} to ${to}`
  ).join(", ");
  return `${named} ${numbers.length === 1 ? "is" : "are"} ${state}`;
}

/** The numbers of tasks, from 0, that run parts again: what Slurm's `--array` takes. */
export function arrayOf(states: readonly PartState[]): string {
  return states.map(({ number }) => number - 1).join(",");
}
