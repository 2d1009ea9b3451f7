/**
 * Memory in pages of 2 MB, where the system gives them to those who ask.
 *
 * A matrix takes more pages of 4 KB than a processor remembers the places of, and each is cleared by
 * the system when it is first written. Most Linux distributions give larger ones to memory that was
 * named, and to no other (`madvise` in `/sys/kernel/mm/transparent_hugepage/enabled`).
 *
 * @module
 */

const HUGE_PAGE = 2 ** 21;
const MADV_HUGEPAGE = 14;

/** Linux's own words, loaded when first asked; null where there are none. */
let advise: ((address: bigint, bytes: bigint, advice: number) => number) | null | undefined;

/**
 * Asks for huge pages wherever a range of memory lies, to both sides as far as the pages that it
 * begins and ends in: so that neighbours stay one region of the system's, of which a process may have
 * a limited number. What the system answers changes times, never a value, and is not looked at.
 */
export function askForHugePages(address: bigint, bytes: number): void {
  if (bytes < HUGE_PAGE) return;
  if (advise === undefined) advise = loadAdvise();
  const page = BigInt(HUGE_PAGE);
  const start = address / page * page;
  const end = (address + BigInt(bytes) + page - 1n) / page * page;
  advise?.(start, end - start, MADV_HUGEPAGE);
}

function loadAdvise(): typeof advise {
  if (Deno.build.os !== "linux") return null;
  try {
    const { symbols } = Deno.dlopen("libc.so.6", {
      madvise: { parameters: ["usize", "usize", "i32"], result: "i32" },
    });
    return symbols.madvise;
  } catch {
    return null;
  }
}
