/**
 * Where processes that share a piece of work meet.
 *
 * @module
 */
export { type Exchange, type Placed } from "./exchange.ts";
export type { Processes } from "./processes.ts";
