/**
 * Where processes that share a piece of work meet.
 *
 * @module
 */
export { alone, type Exchange } from "./exchange.ts";
export type { Processes } from "./processes.ts";
