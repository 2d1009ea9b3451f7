import { expect } from "expect";
import { report as reportHook } from "../../../../plugins/app/report/report.ts";
import { writeReport } from "../../../../plugins/app/report/write_report.ts";
import { processWorld } from "../../../../plugins/app/cli/world.ts";
import { runProgram } from "../../../../plugins/app/cli/run_program.ts";
import { HOSTILE, writeRun } from "../../../helpers/report_fixture.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

/** The report of the fixture, without what the reader does not see. */
async function report(options: Parameters<typeof writeReport>[1] = {}): Promise<string> {
  let markup = "";
  await withFolder(async (folder) => {
    await writeRun(folder);
    expect(await writeReport(folder, options)).toBe(`${folder}/report.html`);
    markup = await Deno.readTextFile(`${folder}/report.html`);
  });
  return markup;
}

/** What is read on the page outside of scripts and styles, with single spaces. */
function textOf(markup: string): string {
  return markup
    .replaceAll(/<(script|style|svg)\b.*?<\/\1>/gs, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
}

/** The items that the page's script draws from. */
function itemsOf(markup: string) {
  return JSON.parse(
    /<script id="items-data" type="application\/json">(.*?)<\/script>/s.exec(markup)![1]!,
  );
}

Deno.test("writeReport: scores, changes and what was forgotten stand as derived by hand", async () => {
  const text = textOf(await report());
  // 4 of 8, then 7 of 8.
  // All but item 5 are swaps of the same words, which a bag of words can only guess: 1 and 7 · ½ of 8.
  expect(text).toMatch(
    /quiz\/ order acc, 8 items chance 50\.0, a bag of words at most 56\.3 50\.0 \S+ 87\.5 \S+ \+37\.5/,
  );
  expect(text).toContain("Of 1 score of composition");
  // 0.9, then 0.8, and no item scores to tell what chance explains.
  expect(text).toMatch(
    /quiz\/search, image retrieval, recall at 1: 90\.0 → 80\.0, lost 10\.0 points ?\./,
  );
  expect(text).toContain("none rose and 1 fell .");
  expect(text).toMatch(/quiz\/ search text_ retrieval_ recall@1, 10 items 50\.0 50\.0 0\.0/);
});

Deno.test("writeReport: what was run stands in the page", async () => {
  const text = textOf(await report());
  // Four steps of 30 seconds.
  for (
    const fact of [
      "Model small CLIP",
      "Data captions.csv, 12,345 examples",
      "Trained frozen: image",
      "Device cpu: a processor",
      "Steps 4, batch 16",
      "Training time 2 min 00 s",
      "Seed 7",
      "Started 2026-01-02 03:04:05 UTC",
      "Command deno task recipe quiz-run batch=16",
      "How it computes QuickGELU; trained in float32, scored in float32",
      "Rows left out 2",
      "optimizer.betas [0.9,0.98]",
      "objectives.clic.loss.uniModal 1",
    ]
  ) expect(text).toContain(fact);
});

Deno.test("writeReport: curves of each objective, its terms and the learning rate", async () => {
  const markup = await report();
  const captions = [...markup.matchAll(/<figcaption>(.*?)<\/figcaption>/gs)]
    .map(([, caption]) => textOf(caption!).trim());
  expect(captions).toEqual([
    "clic loss 0.75 → to 0.625",
    "clic hard 1.5 → to 1.25",
    "clic uni 0.25 → to 0.125",
    "plain loss 0.5 → to 0.25",
    "learning rate 1e−5 → to 4e−5",
    "quiz/order acc 50.0 → to 87.5",
    "quiz/search image_retrieval_recall@1 90.0 → to 80.0",
    "quiz/search text_retrieval_recall@1 50.0 → to 50.0",
  ]);
  // Eight curves and the sweep, whose numbers stand in a table.
  expect(markup.match(/<svg[^>]*class="plot"/g)).toHaveLength(9);
  expect(textOf(markup)).toContain("0 50.0 90.0 0.5 62.5 85.0 1 75.0 80.0");
});

Deno.test("writeReport: nothing from data becomes markup", async () => {
  const markup = await report();
  expect(markup).not.toContain("<script>window.hacked");
  expect(markup).not.toContain("<img");
  // The facts, the page's own script and the items: no other script.
  expect(markup.match(/<script/g)).toHaveLength(2);
  expect(itemsOf(markup).items[5].rows[1].text).toBe(HOSTILE);
});

Deno.test("writeReport: the page allows its own script and nothing from elsewhere", async () => {
  const markup = await report();
  const script = /<script>(.*?)<\/script>\s*<\/body>/s.exec(markup)![1]!;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(script));
  expect(markup).toContain(
    `default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;; ` +
      `script-src &#39;sha256-${new Uint8Array(digest).toBase64()}&#39;`,
  );
  // Nothing to fetch: links within the page, data, and the names of XML's languages.
  const addresses = [
    ...markup.replaceAll(/ xmlns(:\w+)?="[^"]*"/g, "")
      .matchAll(/(?:href|src)="([^"]*)"|url\(([^)]*)\)/g),
  ].map(([, a, b]) => a ?? b!);
  expect(addresses.filter((address) => !/^(#|data:)/.test(address))).toEqual([]);
});

Deno.test("writeReport: items, scores and pictures are in the page, as many as are asked for", async () => {
  const all = itemsOf(await report());
  expect(all.items).toHaveLength(8);
  expect(all.stages).toEqual(["Before", "After"]);
  expect(all.subsets).toEqual([{ name: "quiz/order", metrics: ["acc"], headline: "acc" }]);
  // Item 1: right by 0.02·(−1), then by 0.02 + 0.01·2.
  expect(all.items[1]).toMatchObject({
    id: "1",
    rows: [{ text: "a cat on mat 1", truth: true }, { text: "a mat on cat 1", truth: false }],
    scores: [[0.25, 0.27], [0.29, 0.25]],
    rivals: { acc: [[0, 1]] },
    correct: [{ acc: false }, { acc: true }],
  });
  // First that of item 7, whose margin changed most.
  expect(Object.keys(all.pictures)).toEqual(["000000205401.jpg", "000000161044.jpg"]);
  const jpeg = Uint8Array.fromBase64(all.pictures["000000161044.jpg"].split(",")[1]);
  expect([...jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  // Those that turned come before those that did not, and stay in their order.
  const few = itemsOf(await report({ items: 5, pictures: 1 }));
  expect(few.items.map(({ id }: { id: string }) => id.slice(0, 1))).toEqual(
    ["0", "1", "3", "5", "7"],
  );
  expect(Object.keys(few.pictures)).toEqual(["000000205401.jpg"]);
  const none = await report({ items: 0 });
  expect(none).not.toContain("Single items");
});

Deno.test("writeReport: a page without pictures is small", async () => {
  // Style and script take about 20 kB, a plot about 8 kB, an item about 500 bytes.
  expect((await report({ pictures: 0 })).length).toBeLessThan(120_000);
  // Two thumbnails of 192 pixels, in base64.
  const pictures = (await report()).length - (await report({ pictures: 0 })).length;
  expect(pictures).toBeGreaterThan(4000);
  expect(pictures).toBeLessThan(40_000);
});

Deno.test("writeReport: a run that has only begun has a report too", async () => {
  await withFolder(async (folder) => {
    await writeRun(folder);
    await Deno.remove(`${folder}/scores`, { recursive: true });
    await Deno.remove(`${folder}/sweep`, { recursive: true });
    await Deno.remove(`${folder}/metrics.jsonl`);
    const text = textOf(await Deno.readTextFile(await writeReport(folder)));
    expect(text).toContain("Steps 0 of 4: the run has not ended, batch 16");
    for (const heading of ["Composition", "Forgetting", "Patching", "Single items"]) {
      expect(text).not.toContain(heading);
    }
  });
});

Deno.test("writeReport: faults name the file, the option or the folder", async () => {
  await withFolder(async (folder) => {
    await expect(writeReport(`${folder}/none`)).rejects.toThrow(
      `${folder}/none: expected the folder of a run`,
    );
    await writeRun(folder);
    await expect(writeReport(folder, { items: -1 })).rejects.toThrow(
      "items: expected a whole number of at least 0, found -1",
    );
    await expect(writeReport(folder, { sweep: `${folder}/none` })).rejects.toThrow(
      `${folder}/none: expected the folder of a sweep, found no points of one in it`,
    );
    await Deno.writeTextFile(`${folder}/sweep/sweep.json`, '{"points":[{"alpha":"half"}]}');
    await expect(writeReport(folder)).rejects.toThrow(
      `${folder}/sweep/sweep.json: not the points of a sweep: points.0.alpha: `,
    );
    await Deno.writeTextFile(`${folder}/metrics.jsonl`, '{"step":1,"loss":"high"}\n');
    await expect(writeReport(folder)).rejects.toThrow(
      `${folder}/metrics.jsonl:1: not a step with objective, loss and lr: objective: expected text`,
    );
    await Deno.writeTextFile(`${folder}/scores/after.json`, '[{"dataset":3}]');
    await expect(writeReport(folder)).rejects.toThrow(
      `${folder}/scores/after.json: not scores: 0.dataset: `,
    );
  });
});

Deno.test("report: the command writes where it is told and prints the path", async () => {
  await withFolder(async (folder) => {
    await writeRun(folder);
    const [stdout, stderr] = [createSink(), createSink()];
    const world = { ...processWorld(), stdout, stderr };
    const run = (...args: string[]) => runProgram(["report", ...args], undefined, world);
    const out = `${folder}/elsewhere.html`;
    expect(await run(folder, "--out", out, "--items", "3", "--pictures", "0")).toBe(0);
    expect(stdout.text()).toBe(`${out}\n`);
    expect(itemsOf(await Deno.readTextFile(out)).items).toHaveLength(3);
    expect(await run(`${folder}/none`)).toBe(1);
    expect(stderr.text()).toContain("found no manifest.json in it");
  });
});

Deno.test("report: a run that is completed gets its report; a fault of it does no harm", async () => {
  await withFolder(async (folder) => {
    await writeRun(folder);
    const lines: string[] = [];
    const hook = reportHook({ pictures: 0 });
    const finish = async (completed: boolean, path: string) => {
      await hook.onStart!({
        folder: path,
        manifest: {},
        from: 0,
        total: 4,
        log: (line) => lines.push(line),
      });
      await hook.onEnd!({ folder: path, steps: 4, completed });
    };
    await finish(false, folder);
    expect(lines).toEqual([]);
    await finish(true, folder);
    expect(lines).toEqual([`report: ${folder}/report.html`]);
    await finish(true, `${folder}/gone`);
    expect(lines[1]).toContain("the report could not be written: ");
    // A disk that refuses it is another matter: the run is not done.
    await Deno.remove(`${folder}/report.html`);
    await Deno.mkdir(`${folder}/report.html`);
    await expect(finish(true, folder)).rejects.toThrow(`${folder}/report.html cannot be written: `);
  });
});
