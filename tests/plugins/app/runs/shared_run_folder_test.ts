import { expect } from "expect";
import { createRunFolder, openRunFolder } from "../../../../plugins/app/runs/run_folder.ts";
import { holdSharedFolder } from "../../../../plugins/app/runs/shared_run_folder.ts";
import { joinedExchanges } from "../../../helpers/joined_exchange.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("holdSharedFolder: one folder is made and written by the first process alone", async () => {
  await withFolder(async (runs) => {
    const held = await Promise.all(
      joinedExchanges(2).map((exchange) =>
        holdSharedFolder(exchange, () => createRunFolder(runs, "r", new Date(0)))
      ),
    );
    const path = `${runs}/r-19700101T000000`;
    expect(held.map(({ folder }) => folder.path)).toEqual([path, path]);
    for (const [rank, { folder }] of held.entries()) {
      await folder.writeManifest({ rank });
      await folder.appendMetrics({ step: rank + 1 });
    }
    expect(JSON.parse(await Deno.readTextFile(`${path}/manifest.json`))).toEqual({ rank: 0 });
    expect(await Deno.readTextFile(`${path}/metrics.jsonl`)).toBe('{"step":1}\n');
    for (const each of held) each[Symbol.dispose]();
    // It is held for as long as the first process has it, and not longer.
    using _again = (await Promise.all(
      joinedExchanges(2).map((exchange) => holdSharedFolder(exchange, () => openRunFolder(path))),
    ))[0]!;
    const taken = await Promise.allSettled(
      joinedExchanges(2).map((exchange) => holdSharedFolder(exchange, () => openRunFolder(path))),
    );
    const messages = taken.map((each) => String((each as PromiseRejectedResult).reason.message));
    expect(messages[0]).toMatch(/expected a folder in which nobody is at work/);
    expect(messages[1]).toBe(`process 0: ${messages[0]}`);
  });
});
