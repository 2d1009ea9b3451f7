import { expect } from "expect";
import { createDenoFolder } from "../helpers/deno_folder.ts";
import { runCommand } from "../helpers/run_command.ts";
import { withFolder } from "../helpers/with_folder.ts";

const root = new URL("../../", import.meta.url);

Deno.test("deno.json: no lock file that `deno task` sees, each task names it", async () => {
  const { lock, tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  expect(lock).toBe(false);
  for (const command of Object.values<string>(tasks)) {
    const calls = command.split(" && ").filter((call) => /^deno (?!fmt|lint|publish)/.test(call));
    for (const call of calls) expect(call).toContain(" --lock=deno.lock");
  }
});

Deno.test("deno task recipe: lists after fetching at most 80 MB into an empty cache", () =>
  withFolder(async (folder) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "recipe"],
      cwd: root,
      env: { DENO_DIR: `${folder}/deno`, NO_COLOR: "1" },
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    if (/error sending request/.test(err!)) return; // npm cannot be reached from here.
    expect({ code, out }).toEqual({ code: 0, out: (await runCommand("recipe")).out });
    const bytes = await sizeOf(`${folder}/deno`);
    expect(bytes).toBeGreaterThan(1e6);
    expect(bytes).toBeLessThan(80e6);
  }));

/** The packages that `clic-tiny` loads where it computes on the CPU. */
const CLIC_TINY = [
  ...["zod", "@bufbuild/protobuf", "@commander-js/extra-typings", "onnxruntime-node"],
  ...["wink-nlp", "wink-eng-lite-web-model"],
  // Of the report.
  ...["papaparse", "d3-array", "d3-format", "fast-png"],
];

Deno.test("clic-tiny: fetches packages of at most 350 MB on the CPU, none but those", () =>
  withFolder(async (folder) => {
    await createDenoFolder(`${folder}/deno`, await lockedPackages(CLIC_TINY));
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--lock=deno.lock", "--cached-only", "--no-check", "main.ts"],
        ...["recipe", "clic-tiny", "--device", "cpu", "--steps", "2", "chunk=96"],
        ...["Compositional", "Pairs", "Retrieval", "ZeroShot"].map((each) =>
          `evaluators.scenes${each}.items=4`
        ),
        ...["--runs", `${folder}/runs`],
      ],
      cwd: root,
      env: { DENO_DIR: `${folder}/deno`, NO_COLOR: "1" },
    }).output();
    const err = new TextDecoder().decode(stderr);
    expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
    expect(err).toContain("report: ");
    const bytes = await sizeOf(`${folder}/deno`);
    expect(bytes).toBeGreaterThan(300e6);
    expect(bytes).toBeLessThan(350e6);
  }));

/** These packages of the import map and all that they depend on, as `name/version`. */
async function lockedPackages(names: readonly string[]): Promise<readonly string[]> {
  const read = async (name: string) => JSON.parse(await Deno.readTextFile(new URL(name, root)));
  const [{ imports }, { npm }] = await Promise.all([read("import_map.json"), read("deno.lock")]);
  const found = new Set<string>();
  const add = (wanted: string) => {
    // The lock names a version where there are several, and after `_` the peers it is held with.
    const key = Object.keys(npm).find((each) =>
      each === wanted || each.startsWith(`${wanted}_`) || each.replace(/(?<=.)@.*/, "") === wanted
    )!;
    const [, name, version] = /^(@?[^@]+)@([^_]+)/.exec(key)!;
    if (found.has(`${name}/${version}`)) return;
    found.add(`${name}/${version}`);
    for (const each of npm[key].dependencies ?? []) add(each);
  };
  for (const name of names) add(imports[name].slice("npm:".length));
  // Where no other test has needed them yet, they are fetched.
  const args = ["cache", "--quiet", "--lock=deno.lock", ...names.map((name) => imports[name])];
  expect((await new Deno.Command(Deno.execPath(), { args, cwd: root }).output()).code).toBe(0);
  return [...found];
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    bytes += entry.isDirectory ? await sizeOf(path) : (await Deno.lstat(path)).size;
  }
  return bytes;
}
