import { expect } from "expect";
import { listPictures } from "../../../../core/host/images/list_pictures.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("listPictures: pictures below a folder in the order of their paths, and nothing else", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/b/.ipynb_checkpoints`, { recursive: true });
    const names = ["z.PNG", "a.jpg", "a.txt", "b/c.webp", "._a.jpg", "b/.ipynb_checkpoints/d.jpg"];
    for (const name of [...names, "e.bmp"]) await Deno.writeTextFile(`${folder}/${name}`, "");
    // A circle of links ends.
    await Deno.symlink(folder, `${folder}/b/again`);
    expect((await listPictures(folder)).map((path) => path.slice(folder.length + 1)))
      .toEqual(["a.jpg", "b/c.webp", "z.PNG"]);
    await expect(listPictures(`${folder}/none`)).rejects.toThrow(Deno.errors.NotFound);
  }));
