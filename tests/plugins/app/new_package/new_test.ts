import { expect } from "expect";
import { allWell, checkOutsidePackage } from "../../../helpers/outside_package.ts";
import { runCommand } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const root = new URL("../../../../", import.meta.url).pathname;

Deno.test("new: what it writes is checked, tested and can be published as it is", () =>
  withFolder(async (folder) => {
    const target = `${folder}/my-package`;
    expect((await runCommand("new", target)).code).toBe(0);
    const path = `${target}/deno.json`;
    const config = JSON.parse(await Deno.readTextFile(path));
    // This checkout in the place of what is published.
    const linked = { ...config, links: [root], lock: false };
    await Deno.writeTextFile(path, `${JSON.stringify(linked, null, 2)}\n`);
    const outcomes = await checkOutsidePackage(target);
    expect(outcomes).toEqual(allWell(outcomes));
  }));

Deno.test("new: what runs leave is never published", () =>
  withFolder(async (folder) => {
    const target = `${folder}/my-package`;
    await runCommand("new", target);
    const { exclude, publish, exports } = JSON.parse(
      await Deno.readTextFile(`${target}/deno.json`),
    );
    expect(exclude).toContain("runs");
    expect(publish.exclude).toContain("runs");
    for (const file of Object.values<string>(exports)) {
      expect((await Deno.stat(`${target}/${file}`)).isFile).toBe(true);
    }
  }));

Deno.test("new: refuses a folder that holds something, a file, and a name that is none", () =>
  withFolder(async (folder) => {
    const target = `${folder}/my-package`;
    await Deno.mkdir(target);
    await Deno.writeTextFile(`${target}/notes.txt`, "mine");
    expect(await runCommand("new", target)).toEqual({
      code: 1,
      out: "",
      err: `error: ${target}: expected an empty folder, found notes.txt in it\n`,
    });
    expect([...Deno.readDirSync(target)].map(({ name }) => name)).toEqual(["notes.txt"]);
    await Deno.writeTextFile(`${folder}/file`, "");
    expect((await runCommand("new", `${folder}/file`)).err)
      .toContain("expected a folder, or nothing yet, found a file");
    expect((await runCommand("new", `${folder}/My_Package`)).err).toContain('found "My_Package"');
  }));
