import { expect } from "expect";
import { withFolder } from "../helpers/with_folder.ts";
import { WITH_LOCK } from "../helpers/with_lock.ts";

Deno.test("measure_negatives: a generator is prepared, and tells which model it cannot have", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/captions.txt`, "A dog sees a cat.\n");
    const script = new URL("../../scripts/measure_negatives.ts", import.meta.url).pathname;
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", WITH_LOCK, script, `${folder}/captions.txt`, "ce-clip:preset=released"],
      env: { SYNTAGMA_CACHE: folder, HF_HOME: folder, SYNTAGMA_OFFLINE: "1" },
      stdout: "null",
    }).output();
    expect(code).toBe(1);
    const error = new TextDecoder().decode(stderr);
    expect(error).toContain("distilroberta-base");
    expect(error).toContain("offline mode is on");
  }));
