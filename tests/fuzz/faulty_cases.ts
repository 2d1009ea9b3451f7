/** Readers that do what none may, for tests of what watches readers. */
import { bytesOf, type FuzzCase } from "./fuzz_case.ts";

function reader(name: string, read: FuzzCase["read"]): FuzzCase {
  return { name, file: "a.txt", form: "text", valid: () => Promise.resolve([bytesOf("a")]), read };
}

/** One for each thing that may go wrong, and sound ones between them. */
export const cases: readonly FuzzCase[] = [
  reader("reads", () => Promise.resolve({ faults: 0 })),
  reader("never ends", () => {
    while (true);
  }),
  reader("counts", () => Promise.resolve({ faults: 2 })),
  reader("takes memory", async () => {
    const held: Uint8Array[] = [];
    while (true) {
      held.push(new Uint8Array(1 << 24).fill(1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }),
  reader("ends the process", () => Deno.exit(3)),
  reader("speaks of itself", (path) => {
    throw new RangeError(`${path}: Invalid array length`);
  }),
  reader("refuses", (path) => {
    throw new SyntaxError(`${path}: expected a table, found nothing`);
  }),
];
