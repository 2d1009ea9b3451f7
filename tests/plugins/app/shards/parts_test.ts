import { expect } from "expect";
import { mergeParts } from "../../../../plugins/app/shards/merge.ts";
import { openPart } from "../../../../plugins/app/shards/part_folder.ts";
import { partStates } from "../../../../plugins/app/shards/part_states.ts";
import { runCommand } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const work = { command: "count", settings: { to: 10 } };
const part = (number: number, count = 4) => ({ number, count });

Deno.test("partStates: what is done, running, dead or missing", () =>
  withFolder(async (folder) => {
    const out = `${folder}/numbers/`;
    await expect(partStates(out)).rejects.toThrow("expected parts in");
    {
      await using done = await openPart(out, part(1), work);
      await done.finish();
    }
    await (await openPart(out, part(2), work))[Symbol.asyncDispose]();
    await using running = await openPart(out, part(4), work);
    const { states } = await partStates(out);
    expect(states.map(({ state }) => state)).toEqual(["done", "dead", "missing", "running"]);
    expect(states[3]!.who).toContain(`process ${Deno.pid}`);
    const told = await runCommand("status", out);
    expect(told.code).toBe(1);
    expect(told.out.split("\n")).toEqual([
      "4 parts of count: 1 done, 1 running, 1 dead, 1 missing",
      "  part 2 is dead",
      `  part 4 is running (host ${Deno.hostname()}, process ${Deno.pid})`,
      "  part 3 is missing",
      "  to run again: --array=1,2 with --shard auto/4",
      "",
    ]);
    await expect(mergeParts(out, {})).rejects.toThrow(
      "expected all 4 parts to be done, found that 4 is running, 2 is dead, 3 is missing",
    );
    expect(running.done).toBe(false);
  }));

Deno.test("openPart: a part that is done is known as such; two processes have no part at once", () =>
  withFolder(async (folder) => {
    const out = `${folder}/numbers`;
    {
      await using first = await openPart(out, part(1), work);
      await expect(openPart(out, part(1), work)).rejects.toThrow("another process works on it");
      await using _other = await openPart(out, part(2), work);
      await Deno.writeTextFile(first.output, "1");
      await first.finish();
    }
    await using again = await openPart(out, part(1), work);
    expect(again.done).toBe(true);
    expect(await Deno.readTextFile(again.output)).toBe("1");
  }));

Deno.test("openPart: other settings, another command or another number of parts are refused", () =>
  withFolder(async (folder) => {
    const out = `${folder}/numbers`;
    await (await openPart(out, part(1), work))[Symbol.asyncDispose]();
    await expect(openPart(out, part(2), { ...work, settings: { to: 11 } })).rejects
      .toThrow("to: was 10, is 11");
    await expect(openPart(out, part(2), { ...work, settings: { to: 10, by: 2 } })).rejects
      .toThrow("by: was nothing, is 2");
    await expect(openPart(out, part(2), { ...work, command: "sum" })).rejects
      .toThrow('command: was "count", is "sum"');
    await expect(openPart(out, part(2, 5), work)).rejects.toThrow("parts: was 4, is 5");
    // What was refused is no part.
    expect((await partStates(out)).states.map(({ state }) => state))
      .toEqual(["dead", "missing", "missing", "missing"]);
    // Parts that began at the same moment and did not see each other.
    const settings = JSON.stringify({ command: "count", settings: { to: 12 } });
    await Deno.mkdir(`${out}.parts/2-of-4`, { recursive: true });
    await Deno.writeTextFile(`${out}.parts/2-of-4/settings.json`, settings);
    await expect(partStates(out)).rejects.toThrow("to: was 10, is 12");
  }));

Deno.test("mergeParts: parts of a command that does not join them are refused", () =>
  withFolder(async (folder) => {
    const out = `${folder}/numbers`;
    {
      await using only = await openPart(out, part(1, 1), work);
      await only.finish();
    }
    expect((await runCommand("status", out)).code).toBe(0);
    const { code, err } = await runCommand("merge", out);
    expect(code).toBe(1);
    expect(err).toContain('expected parts of a command that can be joined, found those of "count"');
  }));
