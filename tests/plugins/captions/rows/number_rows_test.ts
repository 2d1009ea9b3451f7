import { expect } from "expect";
import { createNumberRows, numberRows } from "../../../../plugins/captions/rows/number_rows.ts";

Deno.test({
  name: "createNumberRows: numbers come back while more are added, and from their bytes",
  // What does not fit into memory is in a scratch file, which goes when the process ends.
  sanitizeResources: false,
  fn() {
    const rows = createNumberRows(3);
    const row = (i: number) => [i, 2 ** 40 + i, -i / 3] as const;
    const COUNT = 250_000;
    for (let i = 0; i < COUNT; i++) {
      rows.add(...row(i));
      if (i % 50_000 === 77) expect(rows.get(i, 1)).toBe(row(i)[1]);
    }
    expect(rows.length).toBe(COUNT);
    for (const read of [rows, numberRows(rows.bytes, 3)]) {
      expect(read.length).toBe(COUNT);
      for (const i of [0, 1023, 1024, 58_253, COUNT - 1, 3]) {
        expect([0, 1, 2].map((column) => read.get(i, column))).toEqual([...row(i)]);
      }
    }
  },
});
