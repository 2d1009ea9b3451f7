import { expect } from "expect";
import { seedFolder } from "../../../../plugins/app/runs/study_folder.ts";
import { readStudy, studyRuns } from "../../../../plugins/app/studies/read_study.ts";
import { writeStudyPage } from "../../../../plugins/app/studies/write_study_page.ts";
import { runProgram } from "../../../../plugins/app/cli/run_program.ts";
import { joinedExchanges } from "../../../helpers/joined_exchange.ts";
import { launchedWorld, withLaunchVariables } from "../../../helpers/launched_world.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { runCommand } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const recipe = new URL("../../../fixtures/tiny_run.ts", import.meta.url).href;

/** Runs four runs of a second, or some of them. */
function study(out: string, ...args: string[]) {
  return runCommand(
    ...["study", recipe, "steps=2", "--device", "cpu", "--out", out, "--seeds", "2"],
    ...["--sweep", "optimizer.lr=1e-3,1e-2", ...args],
  );
}

Deno.test("study: the processes of a launcher share the whole of it", () =>
  withFolder(async (folder) => {
    const beside = joinedExchanges(2);
    const words = ["study", recipe, "steps=2", "--device", "cpu", "--out", `${folder}/out`];
    const ends = await withLaunchVariables(0, 2, () =>
      Promise.all(
        joinedExchanges(2).map(async (exchange, rank) => {
          const sink = createSink();
          const streams = { stdout: sink, stderr: sink };
          const world = launchedWorld({ exchange, beside: beside[rank]! }, streams);
          const code = await runProgram(words, undefined, world);
          return [code, code === 0 ? "" : sink.text()];
        }),
      ));
    expect(ends).toEqual([[0, ""], [0, ""]]);
    const [run] = await studyRuns(`${folder}/out`, await readStudy(`${folder}/out`));
    expect(await lossesOf(`${folder}/out${seedFolder("", run!.arm, run!.seed)}`)).toHaveLength(2);
  }));

Deno.test("study: parts that are merged are the study of one process, table and page", () =>
  withFolder(async (folder) => {
    const [whole, parted] = [`${folder}/whole`, `${folder}/parted`];
    expect((await study(whole)).code).toBe(0);
    for (const part of [2, 3]) expect((await study(parted, "--shard", `${part}/3`)).code).toBe(0);
    expect((await runCommand("merge", parted)).err).toContain("found that 1 is missing");
    expect((await study(parted, "--shard", "1/3")).code).toBe(0);
    const merged = await runCommand("merge", parted);
    expect(merged.code).toBe(0);
    for (const name of ["table.md", "manifest.json"]) {
      expect(await Deno.readTextFile(`${parted}/${name}`))
        .toBe(await Deno.readTextFile(`${whole}/${name}`));
    }
    const runs = await studyRuns(parted, await readStudy(parted));
    expect(runs.map(({ arm, seed, completed }) => [arm, seed, completed])).toEqual([
      ["lr-1e-3", 0, true],
      ["lr-1e-2", 0, true],
      ["lr-1e-3", 1, true],
      ["lr-1e-2", 1, true],
    ]);
    for (const home of runs.map(({ arm, seed }) => seedFolder("", arm, seed))) {
      const losses = await Promise.all(
        [whole, parted].map((study) => lossesOf(`${study}${home}`)),
      );
      expect(losses[0]).toHaveLength(2);
      expect(losses[1]).toEqual(losses[0]);
    }
    const page = await Deno.readTextFile(`${parted}/report.html`);
    expect(page).toContain("2 arms with 2 seeds each, 4 of 4 runs done");
    expect(page).toContain("optimizer.lr");
    const links = [...page.matchAll(/href="([^"#]+report\.html)"/g)].map(([, link]) => link!);
    expect(links).toHaveLength(4);
    for (const link of links) await Deno.stat(`${parted}/${decodeURIComponent(link)}`);
    expect(`${await writeStudyPage(parted)}\n`).toBe(await Deno.readTextFile(`${parted}/table.md`));
    // Once more: nothing is left to be moved, and the same comes of it.
    expect((await runCommand("merge", parted)).out).toBe(merged.out);
    // A study that is done goes on with nothing; it is no run that could.
    expect((await study(whole)).code).toBe(0);
    expect((await runCommand("recipe", "--resume", whole)).err)
      .toContain("expected the folder of a run, found that of a study");
  }));

async function lossesOf(home: string): Promise<readonly number[]> {
  const [{ name }] = [...Deno.readDirSync(home)] as [Deno.DirEntry];
  const text = await Deno.readTextFile(`${home}/${name}/metrics.jsonl`);
  return text.trim().split("\n").map((line) => JSON.parse(line).loss);
}
