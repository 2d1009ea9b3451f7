import { expect } from "expect";
import { doPart } from "../../../../plugins/app/shards/do_part.ts";
import { arrayOf, nameParts } from "../../../../plugins/app/shards/name_parts.ts";
import { placeFile } from "../../../../plugins/app/shards/place_file.ts";
import { withLaunchVariables } from "../../../helpers/launched_world.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("nameParts: ranges of numbers, in words; arrayOf: tasks from 0", () => {
  const states = [1, 2, 4, 5, 6, 9].map((number) => ({
    number,
    state: "dead" as const,
    who: undefined,
  }));
  expect(nameParts(states, "dead")).toBe("1, 2, 4 to 6, 9 are dead");
  expect(nameParts(states.slice(0, 1), "dead")).toBe("1 is dead");
  expect(nameParts(states, "missing")).toBe("");
  expect(arrayOf(states)).toBe("0,1,3,4,5,8");
});

Deno.test("placeFile: the file is in both places; one that is there already is left alone", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a`, "one");
    await placeFile(`${folder}/a`, `${folder}/inside/b`);
    expect(await Deno.readTextFile(`${folder}/inside/b`)).toBe("one");
    expect(await Deno.readTextFile(`${folder}/a`)).toBe("one");
    await Deno.writeTextFile(`${folder}/c`, "two");
    await placeFile(`${folder}/c`, `${folder}/inside/b`);
    expect(await Deno.readTextFile(`${folder}/inside/b`)).toBe("one");
    await expect(placeFile(`${folder}/none`, `${folder}/d`)).rejects.toThrow(Deno.errors.NotFound);
  }));

Deno.test("doPart: all of it, or a part until it is complete, and then no more", () =>
  withFolder(async (folder) => {
    const out = `${folder}/out`;
    const work = { command: "count", settings: {} };
    const places: string[] = [];
    const log: string[] = [];
    const run = (complete: boolean, shard?: { number: number; count: number }) =>
      doPart(out, shard, work, (line) => log.push(line), (output) => {
        places.push(output);
        return Promise.resolve(complete);
      });
    await run(true);
    for (const complete of [false, true, true]) await run(complete, { number: 1, count: 2 });
    expect(places).toEqual([out, `${out}.parts/1-of-2/out`, `${out}.parts/1-of-2/out`]);
    expect(log).toEqual([
      `part 1/2 of ${out} is done; "merge ${out}" joins all of them`,
      `part 1/2 of ${out} is done already, in ${out}.parts`,
    ]);
  }));

Deno.test("doPart: several processes of a launcher do not do the same work side by side", () =>
  withLaunchVariables(1, 4, async () => {
    const work = { command: "write-negatives", settings: {} };
    await expect(doPart("out", undefined, work, () => {}, () => Promise.resolve(true)))
      .rejects.toThrow("write-negatives: expected one process, or several that each do a part");
  }));
