import { expect } from "expect";
import { isHeld, LOCK_FILE, lockFolder } from "../../../../core/host/storage/folder_lock.ts";
import { withFolder } from "../../../helpers/with_folder.ts";
import { WITH_LOCK } from "../../../helpers/with_lock.ts";

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
      args: ["eval", WITH_LOCK, code],
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

Deno.test("isHeld: looks without holding, and leaves nothing", () =>
  withFolder(async (folder) => {
    expect(await isHeld(folder)).toBe(false);
    expect(await Array.fromAsync(Deno.readDir(folder))).toEqual([]);
    const held = await lockFolder(folder);
    expect(await isHeld(folder)).toBe(true);
    held![Symbol.dispose]();
    expect(await isHeld(folder)).toBe(false);
  }));

Deno.test("lockFolder: waits for one that only looks", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/${LOCK_FILE}`, "");
    using file = await Deno.open(`${folder}/${LOCK_FILE}`);
    expect(await file.tryLock(false)).toBe(true);
    const asked = lockFolder(folder);
    await file.unlock();
    using held = await asked;
    expect(held).toBeDefined();
  }));
