import { expect } from "expect";
import { sameName } from "../../core/same_name.ts";

Deno.test("sameName: case, _ and - do not tell names apart, anything else does", () => {
  const names = ["cola", "sugar_crepe", "sugar_crepe_pp"];
  for (const name of ["sugar_crepe", "sugarCrepe", "SUGAR-CREPE", "sugarcrepe"]) {
    expect(sameName(name, names)).toBe("sugar_crepe");
  }
  expect(sameName("sugarCrepe++", names)).toBeUndefined();
  expect(sameName("colas", names)).toBeUndefined();
});

Deno.test("sameName: the very name comes before others that read alike", () => {
  expect(sameName("a_b", ["ab", "a_b"])).toBe("a_b");
  expect(sameName("A-B", ["ab", "a_b"])).toBe("ab");
});
