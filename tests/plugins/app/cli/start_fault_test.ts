import { expect } from "expect";
import { OLDEST_DENO, startFault } from "../../../../plugins/app/cli/start_fault.ts";
import { violations } from "../../../helpers/house_rules.ts";

const root = new URL("../../../../", import.meta.url);
const good = { deno: OLDEST_DENO, mayRead: true, command: ["main.ts", "recipe"] };

Deno.test("startFault: a Deno that is too old is told in a line", () => {
  expect(startFault(good)).toBeUndefined();
  for (const deno of ["1.46.3", "2.4.0", "2.5.7"]) {
    const fault = startFault({ ...good, deno });
    expect(fault).toContain(`expected Deno ${OLDEST_DENO} or newer, found ${deno}`);
    expect(fault).not.toContain("\n");
  }
  // Numbers, not texts: "2.10.0" comes before "2.6.0" in the alphabet.
  for (const deno of ["2.10.0", "3.0.0", "2.6.1", "2.9.6+abc123"]) {
    expect(startFault({ ...good, deno })).toBeUndefined();
  }
});

Deno.test("startFault: what is to be typed can be typed", () => {
  const command = ["main.ts", "recipe", "./my own.ts", "name=it's", "optimizer.lr=3e-4"];
  expect(startFault({ ...good, mayRead: false, command })).toBe(
    "expected permission to read files and the environment, found none; type: " +
      `deno run -A main.ts recipe './my own.ts' 'name=it'\\''s' optimizer.lr=3e-4`,
  );
});

Deno.test("startFault: main.ts loads nothing else before it", async () => {
  const read = (path: string) => Deno.readTextFile(new URL(path, root));
  const imports = (source: string) =>
    [...source.matchAll(/from "([^"]*)"/g)].map(([, name]) => name);
  expect(imports(await read("main.ts")))
    .toEqual(["./core/import_later.ts", "./plugins/app/cli/start_fault.ts"]);
  expect(imports(await read("plugins/app/cli/start_fault.ts"))).toEqual([]);
  expect(violations("main.ts", await read("main.ts"))).toEqual([]);
});

Deno.test("main.ts: without permissions it says what to type", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "main.ts", "recipe"],
    cwd: root,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  expect(new TextDecoder().decode(stderr)).toBe(
    "error: expected permission to read files and the environment, found none; type: " +
      "deno run -A main.ts recipe\n",
  );
  expect(code).toBe(2);
});

Deno.test("OLDEST_DENO: README and docs say the same", async () => {
  for (const path of ["README.md", "docs/dependencies.md"]) {
    expect(await Deno.readTextFile(new URL(path, root))).toContain(`${OLDEST_DENO} or newer`);
  }
});
