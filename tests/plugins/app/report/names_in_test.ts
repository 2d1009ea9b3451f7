import { expect } from "expect";
import { namesIn } from "../../../../plugins/app/report/names_in.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("namesIn: sorted, none where there is no folder; other faults are told", () =>
  withFolder(async (folder) => {
    for (const name of ["b", "a"]) await Deno.writeTextFile(`${folder}/${name}`, "");
    expect(await namesIn(folder)).toEqual(["a", "b"]);
    expect(await namesIn(`${folder}/none`)).toEqual([]);
    await expect(namesIn(`${folder}/a`)).rejects.toThrow();
  }));
