import { expect } from "expect";
import { expandPaths } from "../../../plugins/captions/expand_paths.ts";
import { withFolder } from "../../helpers/with_folder.ts";

Deno.test("expandPaths: numbers in any address, in order; stars of the files that are there", () =>
  withFolder(async (folder) => {
    expect(await expandPaths(["https://a.org/{08..11}.tar", "b"])).toEqual([
      "https://a.org/08.tar",
      "https://a.org/09.tar",
      "https://a.org/10.tar",
      "https://a.org/11.tar",
      "b",
    ]);
    for (const name of ["b+1.tar", "b+0.tar", "bb1.tar", "b+1.tar.gz"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    expect(await expandPaths([`${folder}/b+*.tar`]))
      .toEqual([`${folder}/b+0.tar`, `${folder}/b+1.tar`]);
    await expect(expandPaths([`${folder}/c*`])).rejects.toThrow(RangeError);
    await expect(expandPaths(["{3..2}"])).rejects.toThrow("found {3..2}");
    await expect(expandPaths(["{0..9}{000000..999999}"])).rejects
      .toThrow("expected at most 1000000 files, found 10000000");
  }));
