import { expect } from "expect";
import { placeNamed } from "../../../../plugins/app/evaluate/place_named.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("placeNamed: a folder of the name, else a file with one of the endings", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/Vl-CheckList`);
    await Deno.writeTextFile(`${folder}/cola.csv`, "");
    await Deno.writeTextFile(`${folder}/cola`, "a file without an ending is none of the forms");
    const find = (name: string) => placeNamed(folder, name, [".json", ".csv"]);
    expect(await find("vl_checklist"))
      .toEqual({ kind: "folder", path: `${folder}/Vl-CheckList` });
    expect(await find("cola")).toEqual({ kind: "file", path: `${folder}/cola.csv` });
    expect(await find("valse")).toBeUndefined();
    expect(await placeNamed(`${folder}/none`, "cola")).toBeUndefined();
  }));
