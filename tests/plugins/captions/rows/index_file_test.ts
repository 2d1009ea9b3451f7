import { expect } from "expect";
import { createFaultList } from "../../../../plugins/captions/rows/fault_list.ts";
import { openIndexFile, writeIndexFile } from "../../../../plugins/captions/rows/index_file.ts";
import { createNumberRows } from "../../../../plugins/captions/rows/number_rows.ts";
import { createTextRows } from "../../../../plugins/captions/rows/text_rows.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test({
  name: "openIndexFile: gives what writeIndexFile was given, if it is of the same source",
  // An index stays open as long as its rows are.
  sanitizeResources: false,
  fn: () =>
    withFolder(async (folder) => {
      const rows = createTextRows();
      const numbers = createNumberRows(2);
      const faults = createFaultList();
      for (let i = 0; i < 50; i++) {
        rows.add([`${i}.jpg`, "é".repeat(i), ""]);
        numbers.add(i, -i / 7);
      }
      rows.extend(7, ["more"]);
      faults.add("row 3", "no picture");
      const path = `${folder}/index`;
      const read = { rows, numbers, faults, notes: { told: ["a", "b"] } };
      await writeIndexFile(path, read, { source: "s", width: 2 });
      const found = openIndexFile(path, "s")!;
      const all = Array.from({ length: 50 }, (_, i) => i);
      expect(found.rows.length).toBe(50);
      expect(all.map((i) => found.rows.get(i))).toEqual(all.map((i) => rows.get(i)));
      expect(found.rows.get(7).at(-1)).toBe("more");
      expect(all.map((i) => found.rows.count(i))).toEqual(all.map((i) => i === 7 ? 4 : 3));
      expect(all.map((i) => found.numbers.get(i, 1))).toEqual(all.map((i) => -i / 7));
      expect(found.rows.fingerprint()).toBe(rows.fingerprint());
      expect(found.faults).toEqual({ faults: faults.faults, count: 1 });
      expect(found.notes).toEqual({ told: ["a", "b"] });
      expect(openIndexFile(path, "other")).toBe(undefined);
      expect(openIndexFile(`${path}.none`, "s")).toBe(undefined);
    }),
});
