import { expect } from "expect";
import { openLocalFile } from "../../../../core/host/assets/remote_file.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("openLocalFile: parts and all of a file that was downloaded before", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a`, "0123456789");
    const file = await openLocalFile(`${folder}/a`);
    expect([file.size, file.ranges]).toEqual([10, true]);
    expect(new TextDecoder().decode(await file.read(3, 4))).toBe("3456");
    await expect(file.read(8, 4)).rejects.toThrow("it ends before byte 12");
    await file.copyTo(`${folder}/b`);
    expect(await Deno.readTextFile(`${folder}/b`)).toBe("0123456789");
  }));
