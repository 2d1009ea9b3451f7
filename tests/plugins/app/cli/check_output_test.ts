import { expect } from "expect";
import { checkOutput } from "../../../../plugins/app/cli/check_output.ts";
import { expandArgument } from "../../../../plugins/app/cli/expand_argument.ts";
import { homeFolder } from "../../../../core/host/expand_home.ts";
import { runCommand } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("checkOutput: what is not there or of the right kind will do, all else is named", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    for (const kind of ["file", "folder"] as const) {
      await checkOutput("--out", `${folder}/new`, kind);
      await checkOutput("--out", `${folder}/new/deep/in`, kind);
    }
    await checkOutput("--out", folder, "folder");
    await checkOutput("--out", `${folder}/file`, "file");
    // Nothing is left behind by the check.
    expect([...Deno.readDirSync(folder)].map(({ name }) => name)).toEqual(["file"]);
    await expect(checkOutput("--out", `${folder}/file`, "folder")).rejects
      .toThrow(new RangeError(`--out ${folder}/file: expected a folder, found a file`));
    await expect(checkOutput("--out", folder, "file")).rejects
      .toThrow(`--out ${folder}: expected a file, found a folder`);
    await expect(checkOutput("--runs", `${folder}/file/a/b`, "folder")).rejects
      .toThrow(`--runs ${folder}/file/a/b: ${folder}/file: expected a folder, found a file`);
  }));

Deno.test("main: what a command writes to is checked before its work", () =>
  withFolder(async (folder) => {
    const file = `${folder}/file`;
    await Deno.writeTextFile(file, "");
    const commands = [
      ["evaluate", "/nowhere.pt", "scenes_pairs", "--out", file],
      ["evaluate", "/nowhere.pt", "scenes_pairs", "--cache", file],
      ["recipe", "clic-tiny", "--runs", file],
      ["patch", "/nowhere.pt", "/nowhere.pt", "--alpha", "0.5", "--out", file],
      ["download-images", "/nowhere.csv", file],
      ["write-negatives", "/nowhere.csv", file, "--generator", "clove"],
    ];
    for (const command of commands) {
      const { code, err } = await runCommand(...command);
      expect({ command, code, err }).toEqual({
        command,
        code: 1,
        err: expect.stringContaining(`${file}: expected a folder, found a file`),
      });
    }
    for (const command of [["compare", file], ["report", folder]]) {
      expect((await runCommand(...command, "--out", folder)).err)
        .toBe(`error: --out ${folder}: expected a file, found a folder\n`);
    }
  }));

Deno.test("expandArgument: ~ where shells leave it, and nowhere else", () => {
  const home = homeFolder()!;
  const expanded = ["~/a", "--out=~/a", "data.path=~/a.csv", "captions:~/a.csv", "folder:~"];
  expect(expanded.map(expandArgument)).toEqual([
    `${home}/a`,
    `--out=${home}/a`,
    `data.path=${home}/a.csv`,
    `captions:${home}/a.csv`,
    `folder:${home}`,
  ]);
  for (const word of ["a~/b", "./~/a", "https://x.org/~me/a", "--limit", "a=b~/c", "~me/a"]) {
    expect(expandArgument(word)).toBe(word);
  }
});
