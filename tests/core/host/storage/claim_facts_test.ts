import { expect } from "expect";
import { z } from "zod";
import { claimFacts } from "../../../../core/host/storage/claim_facts.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const schema = z.object({ data: z.string(), dim: z.int(), where: z.string() });

Deno.test("claimFacts: writes what is not there, and finds the first fact that counts and is another", () =>
  withFolder(async (folder) => {
    const path = `${folder}/facts.json`;
    const facts = { data: "a", dim: 2, where: "here" };
    const claim = (changes: Partial<typeof facts>) =>
      claimFacts(path, { ...facts, ...changes }, schema.parse, ["data", "dim"]);
    expect(await claim({})).toBeUndefined();
    expect(JSON.parse(await Deno.readTextFile(path))).toEqual(facts);
    expect(await claim({ where: "elsewhere" })).toBeUndefined();
    expect(await claim({ data: "b", dim: 3 })).toEqual({
      ...{ before: facts, now: { ...facts, data: "b", dim: 3 }, differs: "data" },
    });
    expect(JSON.parse(await Deno.readTextFile(path))).toEqual(facts);
    await Deno.writeTextFile(path, "{}");
    await expect(claim({})).rejects.toThrow();
  }));
