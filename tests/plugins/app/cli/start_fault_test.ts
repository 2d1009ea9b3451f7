import { expect } from "expect";
import {
  OLDEST_DENO,
  permissionFault,
  startFault,
} from "../../../../plugins/app/cli/start_fault.ts";
import { violations } from "../../../helpers/house_rules.ts";
import { WITH_LOCK } from "../../../helpers/with_lock.ts";

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

/** What main.ts comes to with these permissions. */
async function runWith(permissions: readonly string[], ...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", WITH_LOCK, "--no-prompt", ...permissions, "main.ts", ...args],
    cwd: root,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, err };
}

Deno.test("main.ts: without permissions it says what to type", async () => {
  expect(await runWith([], "recipe")).toEqual({
    code: 2,
    out: "",
    err: "error: expected permission to read files and the environment, found none; type: " +
      "deno run -A main.ts recipe\n",
  });
});

Deno.test("main.ts: with permissions to read the list comes, and what is missing for more is told in a line", async () => {
  const reading = ["--allow-read", "--allow-env"];
  const list = await runWith(reading, "recipe");
  expect(list).toMatchObject({ code: 0, err: "" });
  expect(list.out).toContain("clic-tiny");
  // To check where the run goes needs writing there, and no permission beside it.
  const run = await runWith(reading, "recipe", "clic-tiny");
  expect(run.err).toMatch(
    /^error: expected permission for write access to "[^"\n]*" \(--allow-write\), found none; type: deno run -A main\.ts recipe clic-tiny\n$/,
  );
  expect(run).toMatchObject({ code: 1, out: "" });
});

Deno.test("permissionFault: finds what Deno says, however deep, and nothing else", () => {
  const denied = new Deno.errors.NotCapable(
    'Requires sys access to "uid", run again with the --allow-sys flag',
  );
  const told = 'expected permission for sys access to "uid" (--allow-sys), found none; ' +
    "type: deno run -A main.ts doctor";
  const command = ["main.ts", "doctor"];
  expect(permissionFault(denied, command)).toBe(told);
  expect(permissionFault(new RangeError("x", { cause: denied }), command)).toBe(told);
  expect(permissionFault(new RangeError("x"), command)).toBeUndefined();
  expect(permissionFault(undefined, command)).toBeUndefined();
});

Deno.test("permissions.md: lists every permission that Deno grants by name, and no other", async () => {
  const text = await Deno.readTextFile(new URL("docs/permissions.md", root));
  const listed = [...text.matchAll(/^\| `--allow-(\w+)`/gm)].map(([, name]) => name);
  expect(listed.toSorted())
    .toEqual(["env", "ffi", "import", "net", "read", "run", "sys", "write"]);
});

Deno.test("OLDEST_DENO: README and docs say the same", async () => {
  for (const path of ["README.md", "docs/dependencies.md"]) {
    expect(await Deno.readTextFile(new URL(path, root))).toContain(`${OLDEST_DENO} or newer`);
  }
});
