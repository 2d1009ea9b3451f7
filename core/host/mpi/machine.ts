/**
 * Which processes share this machine, and which of its processors are whose.
 *
 * @module
 */
import { hostname } from "node:os";

/** What a process tells the others of where it runs. */
export interface Seat {
  /** Names the machine: equal for two processes that share its memory. */
  readonly machine: string;
  /** For people. */
  readonly host: string;
  /** The cores that the process may run on, each by the number of its first processor. */
  readonly cores: readonly number[];
  /** The process's number on its machine. */
  readonly pid: number;
}

/** Where this process runs. */
export function ownSeat(): Seat {
  const status = readOr("/proc/self/status", "");
  const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1];
  return {
    machine: `${hostname()} ${readOr("/proc/sys/kernel/random/boot_id", "").trim()}`,
    host: hostname(),
    cores: list === undefined
      ? Array.from({ length: navigator.hardwareConcurrency }, (_, i) => i)
      : [...new Set(parseProcessors(list).map(coreOf))],
    pid: Deno.pid,
  };
}

/** Processors of one core share what computes: a second thread there gains little. */
function coreOf(processor: number): number {
  const path = `/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`;
  return parseProcessors(readOr(path, `${processor}`).trim())[0]!;
}

/** Numbers out of a list as Linux writes it: `0-3,8`. */
export function parseProcessors(list: string): readonly number[] {
  return list.split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** What of its machine is a process's. */
export interface Share {
  /** Processes on the machine. */
  readonly onMachine: number;
  /** Cores that the process may run on. */
  readonly cores: number;
  /** Of these its part, where others run on them too: at least 1. */
  readonly threads: number;
}

/** What is the share of one of these processes. */
export function shareOf(seats: readonly Seat[], rank: number): Share {
  const own = seats[rank]!;
  const neighbours = seats.filter(({ machine }) => machine === own.machine);
  const wanted = new Set(own.cores);
  const rivals = neighbours.filter(({ cores }) => cores.some((each) => wanted.has(each)));
  return {
    onMachine: neighbours.length,
    cores: wanted.size,
    threads: Math.max(1, Math.floor(wanted.size / rivals.length)),
  };
}

function readOr(path: string, otherwise: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return otherwise;
  }
}
