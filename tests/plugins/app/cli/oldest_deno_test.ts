import { expect } from "expect";
import { OLDEST_DENO } from "../../../../plugins/app/cli/start_fault.ts";
import { createDenoFolder } from "../../../helpers/deno_folder.ts";
import { runCommand } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const root = new URL("../../../../", import.meta.url);

/** What a released Deno, which npm serves, makes of arguments. */
async function runOld(version: string, args: readonly string[], env = {}) {
  const { code, stdout, stderr } = await new Deno.Command("npx", {
    args: ["-y", `deno@${version}`, ...args],
    cwd: root,
    stdin: "null",
    // Newer ones look among the machine's certificates by themselves.
    env: { ...env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", DENO_TLS_CA_STORE: "mozilla,system" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, err: err! };
}

/** Whether npx is there and npm can be reached, or has been before. */
async function canRun(version: string): Promise<boolean> {
  try {
    return (await runOld(version, ["--version"])).out.startsWith(`deno ${version}`);
  } catch {
    return false;
  }
}

Deno.test({
  name: "OLDEST_DENO: that very Deno lists and trains",
  ignore: !await canRun(OLDEST_DENO),
  fn: () =>
    withFolder(async (folder) => {
      const env = { DENO_DIR: `${folder}/deno` };
      await createDenoFolder(env.DENO_DIR);
      const run = (...args: string[]) =>
        runOld(OLDEST_DENO, ["run", "-A", "--quiet", "main.ts", ...args], env);

      expect(await run("recipe")).toEqual(await runCommand("recipe"));
      const tiny = ["recipe", "clic-tiny", "--device", "cpu", "--steps", "2", "evaluators=none"];
      expect(await run(...tiny, "--runs", `${folder}/runs`)).toMatchObject({ code: 0 });
      const [entry] = await Array.fromAsync(Deno.readDir(`${folder}/runs`));
      const metrics = await Deno.readTextFile(`${folder}/runs/${entry!.name}/metrics.jsonl`);
      const losses = metrics.trim().split("\n").map((line) => JSON.parse(line).loss)
        .filter((loss) => loss !== undefined);
      expect(losses).toEqual([expect.any(Number), expect.any(Number)]);
    }),
});
