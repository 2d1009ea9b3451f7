import { expect } from "expect";
import { askForHugePages } from "../../../../../core/host/devices/native/huge_pages.ts";

const MEGABYTES = 2 ** 20;

/** What Linux calls the region of memory that an address is in: "hg" is one with huge pages. */
function flagsAt(address: bigint): readonly string[] {
  let inside = false;
  for (const line of Deno.readTextFileSync("/proc/self/smaps").split("\n")) {
    const range = /^([0-9a-f]+)-([0-9a-f]+) /.exec(line);
    if (range !== null) {
      inside = address >= BigInt(`0x${range[1]}`) && address < BigInt(`0x${range[2]}`);
    } else if (inside && line.startsWith("VmFlags:")) return line.split(/\s+/).slice(1);
  }
  throw new Error(`no region has the address ${address.toString(16)}`);
}

/** Whether the system has such pages, and gives them to those who ask. */
async function givesHugePages(): Promise<boolean> {
  try {
    const answer = await Deno.readTextFile("/sys/kernel/mm/transparent_hugepage/enabled");
    return !answer.includes("[never]");
  } catch {
    return false;
  }
}

Deno.test({
  name: "askForHugePages: all of a large range has them, what is small is left as it was",
  ignore: !await givesHugePages(),
  fn: () => {
    const large = new ArrayBuffer(64 * MEGABYTES);
    const first = Deno.UnsafePointer.value(Deno.UnsafePointer.of(large));
    askForHugePages(first, MEGABYTES);
    expect(flagsAt(first)).not.toContain("hg");
    askForHugePages(first, large.byteLength);
    for (const offset of [0, 32 * MEGABYTES, large.byteLength - 1]) {
      expect(flagsAt(first + BigInt(offset))).toContain("hg");
    }
    expect(new Uint8Array(large).every((value) => value === 0)).toBe(true);
  },
});
