import { expect } from "expect";
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

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    bytes += entry.isDirectory ? await sizeOf(path) : (await Deno.stat(path)).size;
  }
  return bytes;
}
