import { expect } from "expect";
import { appendWhole } from "../../../../core/host/storage/append.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("appendWhole: adds bytes behind what is there", () =>
  withFolder(async (folder) => {
    const path = `${folder}/lines`;
    for (const line of ["one\n", "two\n"]) {
      using file = await Deno.open(path, { append: true, create: true });
      appendWhole(file, path, new TextEncoder().encode(line));
    }
    expect(await Deno.readTextFile(path)).toBe("one\ntwo\n");
  }));

Deno.test({
  name: "appendWhole: what a full disk cuts short is taken back, and the file is named",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withFolder(async (folder) => {
      const module = new URL("../../../../core/host/storage/append.ts", import.meta.url).href;
      const path = `${folder}/lines`;
      const script = `import { appendWhole } from "${module}";
        const file = Deno.openSync("${path}", { append: true, create: true });
        const line = new Uint8Array(300_000).fill(120);
        line[line.length - 1] = 10;
        for (let i = 0; i < 20; i++) {
          try {
            appendWhole(file, "${path}", line);
          } catch (error) {
            console.log(error.name, error.message);
            break;
          }
        }
        appendWhole(file, "${path}", line.subarray(-9));`;
      // No file of the shell's children may be larger than 4096 blocks of 512 bytes; ignored, the
      // signal that says so leaves a write that stops there, as on a full disk.
      const { stdout } = await new Deno.Command("sh", {
        args: ["-c", `trap '' XFSZ; ulimit -f 4096; exec "$0" eval --no-check "$1"`].concat(
          Deno.execPath(),
          script,
        ),
      }).output();
      expect(new TextDecoder().decode(stdout)).toBe(
        `StorageError ${path} cannot be written: the file is too large for the disk or the limits ` +
          "of this process\n",
      );
      // 4096 · 512 = 2,097,152: six lines of 300,000, and then the short one.
      const text = await Deno.readTextFile(path);
      expect(text.split("\n").map(({ length }) => length)).toEqual([
        ...Array(6).fill(299_999),
        8,
        0,
      ]);
    }),
});
