import { StorageError } from "../../../../core/host/storage/storage_error.ts";
import { writeAll, writeFileAtomically } from "../../../../core/host/storage/atomic_file.ts";
import { expect } from "expect";
import { withFolder } from "../../../helpers/with_folder.ts";
import { WITH_LOCK } from "../../../helpers/with_lock.ts";

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("writeFileAtomically: writes bytes, text and streams, and leaves nothing else", () =>
  withFolder(async (folder) => {
    await writeFileAtomically(`${folder}/bytes`, new Uint8Array([1, 2]));
    await writeFileAtomically(`${folder}/text`, "Zürich");
    await writeFileAtomically(`${folder}/stream`, async (file) => {
      await writeAll(file, new Uint8Array([3]));
      await writeAll(file, new Uint8Array([4]));
    });
    expect(await Deno.readFile(`${folder}/bytes`)).toEqual(new Uint8Array([1, 2]));
    expect(await Deno.readTextFile(`${folder}/text`)).toBe("Zürich");
    expect(await Deno.readFile(`${folder}/stream`)).toEqual(new Uint8Array([3, 4]));
    expect(namesIn(folder)).toEqual(["bytes", "stream", "text"]);
  }));

Deno.test("writeFileAtomically: the old file stands until the new one is whole", () =>
  withFolder(async (folder) => {
    const path = `${folder}/file`;
    await writeFileAtomically(path, "old");
    await writeFileAtomically(path, async (file) => {
      await writeAll(file, new TextEncoder().encode("new"));
      expect(await Deno.readTextFile(path)).toBe("old");
    });
    expect(await Deno.readTextFile(path)).toBe("new");
  }));

Deno.test("writeFileAtomically: an error of the function passes, the old file stays, no temporary", () =>
  withFolder(async (folder) => {
    await writeFileAtomically(`${folder}/file`, "old");
    const fault = new TypeError("mine");
    await expect(writeFileAtomically(`${folder}/file`, () => {
      throw fault;
    })).rejects.toBe(fault);
    // Another file that the function fails to read is not blamed on this one.
    await expect(writeFileAtomically(`${folder}/file`, async () => {
      await Deno.readFile(`${folder}/none`);
    })).rejects.toThrow(Deno.errors.NotFound);
    expect(namesIn(folder)).toEqual(["file"]);
    expect(await Deno.readTextFile(`${folder}/file`)).toBe("old");
  }));

Deno.test({
  name: "writeFileAtomically: a full disk is named with the file, and the old file stays",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withFolder(async (folder) => {
      await writeFileAtomically(`${folder}/file`, "old");
      const writing = writeFileAtomically(`${folder}/file`, async () => {
        // Linux's /dev/full answers every write as a full disk does.
        using full = await Deno.open("/dev/full", { write: true });
        await full.write(new Uint8Array(1));
      });
      await expect(writing).rejects.toMatchObject({
        name: "StorageError",
        message: `${folder}/file cannot be written: no space left on the disk`,
      });
      expect(namesIn(folder)).toEqual(["file"]);
      expect(await Deno.readTextFile(`${folder}/file`)).toBe("old");
    }),
});

Deno.test("writeFileAtomically: a missing folder is named with the file", () =>
  withFolder(async (folder) => {
    await expect(writeFileAtomically(`${folder}/none/file`, "x")).rejects.toThrow(
      `${folder}/none/file cannot be written: its folder does not exist`,
    );
  }));

Deno.test("writeFileAtomically: a folder in the way is named, and no temporary is left", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/taken`);
    const writing = writeFileAtomically(`${folder}/taken`, "x");
    await expect(writing).rejects.toThrow(StorageError);
    await expect(writing).rejects.toThrow(/taken cannot be written: Is a directory/);
    expect(namesIn(folder)).toEqual(["taken"]);
  }));

Deno.test({
  name: "writeFileAtomically: a folder where nobody may write is named with the file",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    // Not even the superuser may make a file in /proc.
    await expect(writeFileAtomically("/proc/file", "x")).rejects.toThrow(
      /^\/proc\/file cannot be written: /,
    );
  },
});

Deno.test("writeFileAtomically: writers of one file at a time leave one of their files, whole", () =>
  withFolder(async (folder) => {
    const texts = ["a", "b", "c", "d"].map((letter) => letter.repeat(100_000));
    await Promise.all(texts.map((text) => writeFileAtomically(`${folder}/file`, text)));
    expect(texts).toContain(await Deno.readTextFile(`${folder}/file`));
    expect(namesIn(folder)).toEqual(["file"]);
  }));

Deno.test({
  name:
    "writeFileAtomically: removes what a killed process left, and nothing that is still written",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      const module = new URL("../../../../core/host/storage/atomic_file.ts", import.meta.url).href;
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          "eval",
          WITH_LOCK,
          "--no-check",
          `import { writeFileAtomically } from "${module}";
           await writeFileAtomically("${folder}/file", async (file) => {
             await file.write(new Uint8Array(9));
             console.log("written");
             await new Promise((done) => setTimeout(done, 1e6));
           });`,
        ],
        stdout: "piped",
      }).spawn();
      const reader = child.stdout.getReader();
      expect((await reader.read()).done).toBe(false);
      await Deno.writeTextFile(`${folder}/mine.12.tmp`, "no temporary file of ours");
      const left = () => namesIn(folder).filter((name) => name.startsWith("file."));
      await writeFileAtomically(`${folder}/other`, "x");
      // Its writer lives.
      expect(left()).toHaveLength(1);
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
      expect(left()).toHaveLength(1);
      await writeFileAtomically(`${folder}/other`, "y");
      expect(namesIn(folder)).toEqual(["mine.12.tmp", "other"]);
    }),
});

Deno.test("writeFileAtomically: writes again where somebody took its temporary file for abandoned", () =>
  withFolder(async (folder) => {
    let calls = 0;
    await writeFileAtomically(`${folder}/file`, async (file) => {
      await writeAll(file, new TextEncoder().encode("whole"));
      if (calls++ > 0) return;
      for (const name of namesIn(folder)) await Deno.remove(`${folder}/${name}`);
    });
    expect(calls).toBe(2);
    expect(namesIn(folder)).toEqual(["file"]);
    expect(await Deno.readTextFile(`${folder}/file`)).toBe("whole");
  }));
