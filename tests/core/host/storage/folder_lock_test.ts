import { expect } from "expect";
import { lockFolder } from "../../../../core/host/storage/folder_lock.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("lockFolder: one holds a folder at a time, and whoever lets go leaves it to the next", () =>
  withFolder(async (folder) => {
    const first = await lockFolder(folder);
    expect(first).toBeDefined();
    expect(await lockFolder(folder)).toBeUndefined();
    first![Symbol.dispose]();
    using second = await lockFolder(folder);
    expect(second).toBeDefined();
  }));

Deno.test("lockFolder: a process that is killed holds nothing any more", () =>
  withFolder(async (folder) => {
    const module = new URL("../../../../core/host/storage/folder_lock.ts", import.meta.url).href;
    const code = `import { lockFolder } from ${JSON.stringify(module)};
      const held = await lockFolder(${JSON.stringify(folder)});
      console.log(held !== undefined);
      setInterval(() => {}, 1000);`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", code],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    expect(new TextDecoder().decode(value).trim()).toBe("true");
    expect(await lockFolder(folder)).toBeUndefined();
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    using held = await lockFolder(folder);
    expect(held).toBeDefined();
  }));
