/** The most memory that this process has held, in bytes; on Linux alone. */
export function peakMemory(): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status"))!;
  return 1024 * Number(kilobytes);
}
