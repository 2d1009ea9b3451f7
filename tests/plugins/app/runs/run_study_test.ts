import { expect } from "expect";
import { createAssets } from "../../../../core/host/assets/create_assets.ts";
import { studyTable } from "../../../../plugins/app/results/study_table.ts";
import { createPicturePool } from "../../../../core/host/images/pool.ts";
import { createProgress } from "../../../../plugins/app/terminal/progress.ts";
import type { RunOptions } from "../../../../plugins/app/runs/run_options.ts";
import { runStudy } from "../../../../plugins/app/runs/run_study.ts";
import { defineRecipe } from "../../../../core/define_recipe.ts";
import { defineStudy, type Study } from "../../../../core/study.ts";
import type { Evaluation, Evaluator } from "../../../../core/evaluator.ts";
import { patch } from "../../../../plugins/patching/patch.ts";
import tinyRun from "../../../fixtures/tiny_run.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const scored = (dataset: string, acc: number): Evaluation => ({
  dataset,
  task: "image_caption_selection",
  metrics: { acc },
  items: 8,
  headline: "acc",
});

Deno.test("studyTable: the mean gain in points and its sample deviation, one row a data set", () => {
  const before = [scored("swap", 0.5), scored("zero", 0.9)];
  // Gains of swap: 10, 14, 12: mean 12, deviation √((4 + 4 + 0) / 2) = 2. Of zero: −2, −2, −2.
  const clic = [0.6, 0.64, 0.62].map((acc) => ({
    arm: "clic",
    before,
    after: [scored("swap", acc), scored("zero", 0.88)],
  }));
  const plain = { arm: "plain", before, after: [scored("swap", 0.5)] };
  expect(studyTable([...clic, plain])).toBe(
    "| data set | metric | before | clic | plain |\n" +
      "| --- | --- | ---: | ---: | ---: |\n" +
      "| swap | acc | 50.0 | +12.0 ± 2.0 | +0.0 |\n" +
      "| zero | acc | 90.0 | -2.0 ± 0.0 | – |",
  );
});

Deno.test("defineStudy: reports all faults at once", () => {
  const recipe = defineRecipe({ ...tinyRun, steps: 2 });
  const faultsOf = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      return (error as RangeError).message.split("\n");
    }
    return [];
  };
  expect(faultsOf(() =>
    defineStudy({
      name: "My study",
      description: "",
      arms: [{ name: "a", recipe }, { name: "a", recipe: { ...recipe, batch: 0 } }],
      seeds: [1, 1],
    })
  )).toEqual([
    'name: expected lower-case letters, digits and single hyphens, found "My study"',
    'description: expected one line of text, found ""',
    "seeds: expected different whole numbers of at least 0, found [1,1]",
    'arms.1.name: expected a name of its own, found "a"',
    "arms.1.recipe.batch: expected a whole number of at least 1, found 0",
  ]);
  expect(defineStudy({ name: "s", description: "S.", arms: [{ name: "a", recipe }] }).seeds)
    .toEqual([0, 1, 2]);
});

/** Scores the first value of a text's embedding; counts its calls. */
function counting(calls: { count: number }): Evaluator {
  const evaluator: Evaluator = {
    name: "counting",
    options: {},
    evaluate: async (encoder) => {
      calls.count++;
      return [scored("toy", (await encoder.texts(["a red cube"]))[0]!)];
    },
    with: () => evaluator,
  };
  return evaluator;
}

async function withStudy(
  work: (
    run: (study: Study, options?: Partial<RunOptions>) => ReturnType<typeof runStudy>,
  ) => Promise<void>,
): Promise<void> {
  await withFolder(async (runs) => {
    using images = createPicturePool({ workers: 0 });
    const assets = createAssets({ cache: `${runs}/.cache`, offline: true });
    const context = { assets, images, log: () => {} };
    const progress = createProgress(createSink(), { terminal: false, width: () => 80 });
    await work((study, options) =>
      runStudy(study, { device: "cpu", runs, context, progress, ...options })
    );
  });
}

function studyOf(calls: { count: number }): Study {
  const recipe = defineRecipe({ ...tinyRun, steps: 3, evaluators: [counting(calls)] });
  return defineStudy({
    name: "toy-study",
    description: "A study for tests.",
    arms: [
      { name: "slow", recipe },
      { name: "patched", recipe: { ...recipe, after: [patch({ alpha: 0.5 })] } },
    ],
    seeds: [3, 4],
  });
}

Deno.test("runStudy: every arm with every seed, scored once before training, in one table", async () => {
  await withStudy(async (run) => {
    const calls = { count: 0 };
    const { folder, completed, table } = await run(studyOf(calls));
    expect(completed).toBe(true);
    // Once before; then slow after, patched after and after the patch, for two seeds.
    expect(calls.count).toBe(1 + 2 * 3);
    expect(table.split("\n")[0])
      .toBe("| data set | metric | before | slow | patched | patched + patch-0.5 |");
    expect(await Deno.readTextFile(`${folder}/table.md`)).toBe(`${table}\n`);
    const seeds = [];
    for (const home of ["slow/seed-3", "slow/seed-4", "patched/seed-3", "patched/seed-4"]) {
      const [{ name }] = [...Deno.readDirSync(`${folder}/${home}`)] as [Deno.DirEntry];
      const manifest = await Deno.readTextFile(`${folder}/${home}/${name}/manifest.json`);
      seeds.push(JSON.parse(manifest).recipe.seed);
    }
    expect(seeds).toEqual([3, 4, 3, 4]);
  });
});

Deno.test("runStudy: a study that was stopped goes on and ends as one that never was", async () => {
  await withStudy(async (run) => {
    const whole = await run(studyOf({ count: 0 }));
    const calls = { count: 0 };
    const study = studyOf(calls);
    const controller = new AbortController();
    let steps = 0;
    const stopped = await run(study, {
      signal: controller.signal,
      // In the second run's second step.
      progress: {
        step: () => ++steps === 5 && controller.abort(),
        work: () => {},
        line: () => {},
        close: () => {},
      },
    });
    expect(stopped.completed).toBe(false);
    expect(stopped.table.split("\n")[0]).toBe("| data set | metric | before | slow |");
    const resumed = await run(study, { resume: stopped.folder });
    expect(resumed).toEqual({ folder: stopped.folder, completed: true, table: whole.table });
    // What was done is not done again.
    expect(calls.count).toBe(1 + 2 * 3);
    await expect(run(defineStudy({ ...study, seeds: [3] }), { resume: stopped.folder }))
      .rejects.toThrow("expected the folder of this study");
  });
});

Deno.test("runStudy: a run that was killed while its report was written gets it; others are left", async () => {
  await withStudy(async (run) => {
    const { folder, table } = await run(studyOf({ count: 0 }));
    const home = (arm: string) => {
      const [{ name }] = [...Deno.readDirSync(`${folder}/${arm}/seed-3`)] as [Deno.DirEntry];
      return `${folder}/${arm}/seed-3/${name}`;
    };
    const [slow, patched] = [home("slow"), home("patched")];
    // What comes after the last scores: the report, then the note that all is done.
    for (const name of ["report.html", "completed.json"]) await Deno.remove(`${patched}/${name}`);
    await Deno.remove(`${slow}/report.html`);
    const calls = { count: 0 };
    const resumed = await run(studyOf(calls), { resume: folder });
    expect([resumed.table, calls.count]).toEqual([table, 0]);
    const names = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name);
    expect(names(patched)).toEqual(expect.arrayContaining(["report.html", "completed.json"]));
    expect(names(slow)).not.toContain("report.html");
  });
});
