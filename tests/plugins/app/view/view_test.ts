import { expect } from "expect";
import { join } from "node:path";
import { joinPlugins } from "../../../../core/join_plugins.ts";
import { plugins } from "../../../../plugins/index.ts";
import { lockFolder } from "../../../../core/host/storage/folder_lock.ts";
import { formatEvaluations, withoutItems } from "../../../../plugins/app/results/result_files.ts";
import { comparePage } from "../../../../plugins/app/view/compare_page.ts";
import { lookInside } from "../../../../plugins/app/view/inside.ts";
import { lastStep } from "../../../../plugins/app/view/last_step.ts";
import { listFolders } from "../../../../plugins/app/view/list_folders.ts";
import { newSteps, scoreCurves } from "../../../../plugins/app/view/read_curves.ts";
import { readRow } from "../../../../plugins/app/view/read_row.ts";
import { leadingScores, readStage } from "../../../../plugins/app/view/read_scores.ts";
import { reportAddress } from "../../../../plugins/app/view/report_address.ts";
import { rowEvents } from "../../../../plugins/app/view/row_events.ts";
import { rowSource } from "../../../../plugins/app/view/row_source.ts";
import { serveView, type ViewOptions } from "../../../../plugins/app/view/serve_view.ts";
import { viewFiles } from "../../../../plugins/app/view/view_files.ts";
import { siteFile } from "../../../../plugins/app/web/site_file.ts";
import type { ViewRow } from "../../../../plugins/app/view/view_row.ts";
import { findChromium, openPage, showOn, unreachable, until } from "../../../helpers/browser.ts";
import { runClicTiny, SETTINGS, writeBroken } from "../../../helpers/view_fixture.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

// Where there is none the tests are reported as ignored; CHROMIUM names one.
const chromium = await findChromium();

/** A folder with a real run, another made of it, and what is broken in every way. */
let made: Promise<{ root: string; run: string }> | undefined;

function viewTest(
  name: string,
  test: (root: string, run: string) => Promise<void>,
  ignore = false,
): void {
  Deno.test({
    name,
    ignore,
    fn: async () => {
      const { root, run } = await (made ??= make());
      await test(root, run);
    },
  });
}

async function make() {
  const root = await Deno.realPath(await Deno.makeTempDir());
  const run = await runClicTiny(root);
  await writeBroken(root, run);
  return { root, run };
}

const names = async (root: string) => (await listFolders(root)).map(({ id }) => id);

function optionsOf(root: string, host = "127.0.0.1"): ViewOptions {
  return {
    ...{ root, host, signal: new AbortController().signal, images: [], items: 50, pictures: 2 },
    files: new Map([["index.html", siteFile("text/html", "<p>runs")]]),
    picture: joinPlugins(plugins).picture,
  };
}

async function ask(root: string, path: string, init: RequestInit = {}) {
  return await serveView(optionsOf(root))(new Request(`http://127.0.0.1:8001${path}`, init));
}

viewTest(
  "listFolders: runs, studies and their runs, results, and what is broken",
  async (root, run) => {
    expect(await names(root)).toEqual([
      "away",
      "cut",
      "empty",
      "linked",
      run,
      "scored",
      "study",
      "study/clic/seed-0/one",
      "unnamed",
    ].toSorted());
    expect((await listFolders(root)).filter(({ fault }) => fault !== undefined)).toEqual([
      { id: "away", fault: `${root}/away: leads out of ${root}, where nothing is read` },
    ]);
  },
);

viewTest("lookInside: follows no link and no path out of the folder", async (root, run) => {
  expect(await lookInside(root, run, "manifest.json")).toMatchObject({ isFile: true });
  expect(await lookInside(root, run, "none")).toBeUndefined();
  // A link that stays inside is followed.
  expect(await lookInside(root, "again", "manifest.json")).toMatchObject({ isFile: true });
  for (
    const path of ["away", "away/secret.txt", "../x", `${run}/../../x`, "linked/metrics.jsonl"]
  ) {
    const outcome = lookInside(root, ...path.split("/")).then((info) => info ?? "none", String);
    expect(await outcome).toMatch(/leads out of|none/);
  }
  await expect(lookInside(root, "away", "secret.txt")).rejects.toThrow("leads out of");
});

viewTest("readRow: what a run is, how far it has come, and its scores", async (root, run) => {
  const before = JSON.parse(await Deno.readTextFile(join(root, run, "scores/before.json")));
  const after = JSON.parse(await Deno.readTextFile(join(root, run, "scores/after.json")));
  const read = await readRow(root, run);
  const { scores, scored, started, ...row } = read.row;
  expect(row).toEqual({
    ...{ id: run, kind: "run", name: "clic-tiny", model: "tiny CLIP (shipped)" },
    ...{ methods: ["clic", "contrastive"], state: "done", fault: null, step: 4, steps: 4 },
    ...{ report: true, stages: ["before", "after"] },
    overrides: SETTINGS,
  });
  expect(started).toMatch(/^20\d\d-\d\d-\d\dT/);
  expect(scored).not.toBe("");
  const recall = "image_retrieval_recall@1";
  expect(scores.find(({ metric }) => metric === recall)).toEqual({
    ...{ dataset: "scenes/retrieval", metric: recall, part: false },
    values: [before, after].map((all) =>
      all.find(({ dataset }: { dataset: string }) => dataset === "scenes/retrieval")
        .metrics[recall]
    ),
  });
  // What has not changed is not read again.
  expect(await readRow(root, run, read)).toBe(read);
});

viewTest("readRow: a run that is held is running, and stopped where it is not", async (root) => {
  const id = "study/clic/seed-0/one";
  expect((await readRow(root, id)).row.state).toBe("stopped");
  using held = await lockFolder(join(root, id));
  expect(held).toBeDefined();
  expect((await readRow(root, id)).row.state).toBe("running");
});

viewTest("readRow: a broken folder says what is wrong", async (root) => {
  const faultOf = async (id: string) => (await readRow(root, id)).row.fault;
  expect(await faultOf("empty")).toContain("expected the folder of a run, found no manifest.json");
  expect(await faultOf("cut")).toContain(`${root}/cut/manifest.json: expected JSON`);
  expect(await faultOf("unnamed")).toContain("unnamed/manifest.json: not the manifest of a run: ");
  expect(await faultOf("linked")).toContain("linked/metrics.jsonl: leads out of");
});

viewTest("readRow: an evaluation's scores are a row", async (root) => {
  expect((await readRow(root, "scored")).row).toMatchObject({
    ...{ kind: "results", name: "open_clip:ViT-B-32", state: "done", stages: ["all"] },
    scores: [
      { dataset: "quiz", metric: "macro_acc", part: false, values: [0.75] },
      { dataset: "quiz/one", metric: "acc", part: true, values: [0.5] },
    ],
  });
});

viewTest(
  "rowSource: a study counts its runs; what stays is the same",
  async (root) => {
    const source = rowSource(root);
    const rows = await source.rows();
    expect(rows.find(({ id }) => id === "study")).toMatchObject({
      ...{ kind: "study", name: "quiz", methods: ["clic"], step: 0, steps: 2, state: "stopped" },
      started: "2026-01-02T03:04:05.678Z",
    });
    expect(rows.filter(({ fault }) => fault !== null)).toHaveLength(5);
    const again = await source.rows();
    expect(again.every((row, place) => row === rows[place])).toBe(true);
    expect(await source.row("study")).toBe(again.find(({ id }) => id === "study"));
    expect(await source.row("../x")).toBeUndefined();
  },
);

Deno.test("leadingScores: metrics that stand for data sets, null where one was not taken", () => {
  const scored = (acc: number) => [{
    ...{ dataset: "quiz", task: "t", metrics: { acc, other: 1 }, items: 2, headline: "acc" },
  }];
  expect(leadingScores([
    { stage: "before", evaluations: [] },
    { stage: "after", evaluations: scored(0.5) },
  ])).toEqual([{ dataset: "quiz", metric: "acc", part: false, values: [null, 0.5] }]);
});

viewTest(
  "withoutItems: leaves the scores of a file as it is written, and other text alone",
  async (root, run) => {
    const text = await Deno.readTextFile(join(root, run, "scores/after.json"));
    const whole = JSON.parse(text) as { itemScores?: unknown }[];
    expect(whole.every(({ itemScores }) => itemScores !== undefined)).toBe(true);
    const bare = whole.map(({ itemScores: _, ...rest }) => rest);
    expect(JSON.parse(withoutItems(text))).toEqual(bare);
    expect(await readStage(root, run, "after")).toEqual(bare);
    expect(await readStage(root, run, "after", true)).toEqual(whole);
    expect(await readStage(root, run, "patched")).toBeUndefined();
    const other = JSON.stringify(whole);
    expect(withoutItems(other)).toBe(other);
    const none = formatEvaluations([]);
    expect(withoutItems(none)).toBe(none);
  },
);

Deno.test("newSteps: only what was appended is read, and all of a file that was written anew", () =>
  withFolder(async (folder) => {
    const root = await Deno.realPath(folder);
    await Deno.mkdir(join(root, "run"));
    const path = join(root, "run/metrics.jsonl");
    const line = (step: number) =>
      `${JSON.stringify({ step, objective: "clic", loss: step / 8, lr: 0.5 })}\n`;
    const stepsOf = ({ steps }: { steps: readonly { step: number }[] }) =>
      steps.map(({ step }) => step);
    const none = await newSteps(root, "run", "");
    expect(none).toMatchObject({ all: true, steps: [] });
    await Deno.writeTextFile(path, line(1) + line(2) + line(3).slice(0, 9));
    const first = await newSteps(root, "run", none.next);
    expect([first.all, stepsOf(first)]).toEqual([true, [1, 2]]);
    expect(await lastStep(path)).toBe(2);
    // The rest of the line, and one more. What was read before is broken now, and not looked at.
    await Deno.writeTextFile(path, line(3).slice(9) + line(4), { append: true });
    using file = await Deno.open(path, { write: true });
    await file.write(new TextEncoder().encode("broken"));
    const second = await newSteps(root, "run", first.next);
    expect([second.all, stepsOf(second)]).toEqual([false, [3, 4]]);
    expect(stepsOf(await newSteps(root, "run", second.next))).toEqual([]);
    // A run that went on from its checkpoint replaces the file.
    await Deno.writeTextFile(`${path}.tmp`, line(1) + line(2) + line(3) + line(4) + line(5));
    await Deno.rename(`${path}.tmp`, path);
    const third = await newSteps(root, "run", second.next);
    expect([third.all, stepsOf(third)]).toEqual([true, [1, 2, 3, 4, 5]]);
    expect(await lastStep(path)).toBe(5);
  }));

viewTest("scoreCurves: scores before, on the way and after, in per cent", async (root, run) => {
  const series = await scoreCurves(root, run);
  const points = series.find(({ of }) => of === "scenes/colour_shape")!.points;
  expect(points.map(({ step }) => step)).toEqual([0, 2, 4]);
  const [before] = (await readRow(root, run)).row.scores
    .find(({ dataset }) => dataset === "scenes/colour_shape")!.values;
  expect(points[0]!.value).toBeCloseTo(100 * before!, 12);
});

viewTest(
  "serveView: steps, curves and a report of what is listed, and nothing else",
  async (root, run) => {
    expect(await (await ask(root, "/")).text()).toBe("<p>runs");
    const steps = await (await ask(root, `/steps?run=${run}&from=`)).json();
    expect(steps.steps).toHaveLength(4);
    expect(await (await ask(root, `/curves?run=${run}`)).json())
      .toEqual(await scoreCurves(root, run));
    const report = await ask(root, `/runs/${run}/report.html`);
    expect(await report.text()).toBe(await Deno.readTextFile(join(root, run, "report.html")));
    // A report's script has an origin of its own.
    expect(report.headers.get("content-security-policy")).toMatch(/^sandbox (?!.*same-origin)/);
    for (
      const path of [
        ...["/runs/away/report.html", "/runs/..%2Fx/report.html", "/runs/%2Fetc/report.html"],
        ...["/steps?run=../x&from=", "/steps?from=", "/curves?run=away", "/manifest.json"],
        ...[`/runs/${run}/manifest.json`, "/compare?a=x/after&b=y/after", "/compare"],
        ...[
          `/compare?a=${run}/none&b=${run}/after`,
          "/steps?run=linked&from=",
          "/runs/%ff/report.html",
        ],
      ]
    ) {
      const found = await ask(root, path);
      expect([path, found.status, await found.text()]).toMatchObject([path, 404, /\n$/]);
    }
    expect((await ask(root, "/", { method: "POST" })).status).toBe(405);
  },
);

viewTest("serveView: a name that leads elsewhere to this machine is not answered", async (root) => {
  const asked = (host: string, name: string) =>
    serveView(optionsOf(root, host))(new Request("http://127.0.0.1/", { headers: { host: name } }));
  expect((await asked("127.0.0.1", "evil.example:8001")).status).toBe(403);
  for (const name of ["localhost:8001", "127.0.0.1:8001", "[::1]:8001"]) {
    expect((await asked("127.0.0.1", name)).status).toBe(200);
  }
  // Who lets others in has names that are not known here.
  expect((await asked("0.0.0.0", "box.local:8001")).status).toBe(200);
});

Deno.test("reportAddress: a folder's path, of whatever it is named", () => {
  expect(reportAddress("a/b c#1")).toBe("/runs/a/b%20c%231/report.html");
});

viewTest("comparePage: scores that are gone are told", async (root, run) => {
  const { row } = await readRow(root, run);
  const models = [{ row, stage: "before" }, { row, stage: "gone" }] as const;
  await expect(comparePage(models, optionsOf(root)))
    .rejects.toThrow(`${run}: expected scores of gone, found none`);
});

viewTest("comparePage: two models with their scores and items", async (root, run) => {
  const response = await ask(root, `/compare?a=${run}/before&b=${run}/after`);
  const markup = await response.text();
  expect(markup).toContain(`<h1>${run}: before and after</h1>`);
  const data = JSON.parse(
    /<script id="items-data" type="application\/json">(.*?)<\/script>/s.exec(markup)![1]!,
  );
  expect(data.stages).toEqual(["Before", "After"]);
  // As many items as are asked for, and two pictures of the embedded world.
  expect(data.items).toHaveLength(50);
  expect(Object.keys(data.pictures)).toHaveLength(2);
  expect(data.items[0].scores[0]).not.toEqual(data.items[0].scores[1]);
  // Of different folders each has a letter.
  const other = await (await ask(root, `/compare?a=${run}/after&b=scored/all`)).text();
  expect(other).toContain(`<h1>${run}, after, and scored</h1>`);
  expect(other).toContain("They were scored on nothing that is the same.");
});

viewTest(
  "rowEvents: all rows, then what changes and what goes, until nobody listens",
  async (root) => {
    const end = new AbortController();
    const events = rowEvents(rowSource(root), end.signal).body!
      .pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const next = async (name: string) => {
      for (;;) {
        const found = new RegExp(`event: ${name}\ndata: (.*)\n\n`).exec(text);
        if (found !== null) {
          text = text.slice(found.index + found[0].length);
          return JSON.parse(found[1]!);
        }
        const { done, value } = await events.read();
        if (done) throw new Error(`no ${name} after ${text}`);
        text += value;
      }
    };
    expect(await next("rows")).toHaveLength(9);
    await Deno.mkdir(join(root, "new"));
    expect((await next("rows")).map(({ id }: ViewRow) => id)).toEqual(["new"]);
    await Deno.remove(join(root, "new"));
    expect(await next("gone")).toEqual(["new"]);
    end.abort();
    while (!(await events.read()).done);
  },
);

viewTest(
  "view.js: a table that is filtered, sorted and linked to; curves; what is new comes by itself" +
    (chromium === undefined ? " (needs Chromium)" : ""),
  async (root, run) => {
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      serveView({ ...optionsOf(root), files: await viewFiles() }),
    );
    const address = `http://127.0.0.1:${server.addr.port}/`;
    // The study's run goes on while the page is open.
    const live = join(root, "study/clic/seed-0/one");
    using _held = await lockFolder(live);
    await using page = await openPage(chromium!, `${address}?state=done&sort=run&runs=${run}`);
    const ids = `[...document.querySelectorAll("#rows tr")].map(({ dataset }) => dataset.id)`;
    await until(page, `document.body.dataset.ready === ""`);
    // What the address asks for is shown, and the controls say so.
    expect(await page.evaluate(ids)).toEqual([run, "scored"]);
    expect(await page.evaluate(`document.getElementById("state").value`)).toBe("done");
    await page.evaluate(set("state", ""));
    await page.evaluate(set("search", "clic-tiny steps=4"));
    expect(await page.evaluate(`location.search`)).toBe(
      `?q=clic-tiny+steps%3D4&sort=run&runs=${run}`,
    );
    await page.evaluate(set("search", ""));
    expect(await page.evaluate(`document.querySelectorAll("#rows tr").length`)).toBe(9);
    await page.evaluate(`document.querySelector("[data-control='sort steps']").click()`);
    expect(await page.evaluate(`document.querySelector("[aria-sort=descending]").textContent`))
      .toBe("Steps ↓");
    expect(await page.evaluate(`document.querySelectorAll("#rows .fault").length`)).toBe(5);

    // Curves of the real run; a run that makes its steps is drawn as they come.
    await until(page, `document.querySelectorAll("#figures path.line").length >= 4`);
    const lines = await Deno.readTextFile(join(root, run, "metrics.jsonl"));
    const [first, ...others] = lines.trim().split("\n");
    await Deno.writeTextFile(join(live, "metrics.jsonl"), `${first}\n`);
    await until(page, `document.querySelector("[data-control='draw study/clic/seed-0/one']")`);
    await page.evaluate(
      `document.querySelector("[data-control='draw study/clic/seed-0/one']").click()`,
    );
    await until(page, `document.querySelector("#legend").children.length === 2`);
    await Deno.writeTextFile(join(live, "metrics.jsonl"), `${others.join("\n")}\n`, {
      append: true,
    });
    const { loss } = JSON.parse(others[1]!);
    await until(
      page,
      `[...document.querySelectorAll(".lasts li")].some(({ textContent }) =>
      textContent.endsWith("one") && textContent.includes("→ ${Number(loss.toPrecision(4))}"))`,
    );
    expect(await page.evaluate(`document.getElementById("live").textContent`)).toMatch(/^1 under/);

    // A phone, in the dark: nothing is wider than the screen; all controls are reached by keys.
    expect(await showOn(page, { width: 360, scheme: "dark" }))
      .toEqual({ beyond: 0, paper: "rgb(23, 23, 21)" });
    expect(await unreachable(page)).toEqual([]);

    // Two models, item by item; its filters stand in the address too.
    await page.evaluate(set("first", `${run}/before`));
    await page.evaluate(set("second", `${run}/after`));
    await page.evaluate(`document.getElementById("compare").click()`);
    await until(page, `location.pathname === "/compare" && document.querySelector(".item")`);
    await page.evaluate(`(() => {
      const search = document.getElementById("item-search");
      search.value = "red";
      search.dispatchEvent(new Event("input", { bubbles: true }));
    })()`);
    const shown = await page.evaluate(`document.getElementById("item-status").textContent`);
    await page.evaluate(`window.isOld = true; location.reload()`);
    await until(page, `!window.isOld && document.querySelector(".item")`);
    expect(await page.evaluate(`document.getElementById("item-search").value`)).toBe("red");
    expect(await page.evaluate(`document.getElementById("item-status").textContent`)).toBe(shown);
    expect(await page.evaluate(`location.search`))
      .toBe(`?${new URLSearchParams({ a: `${run}/before`, b: `${run}/after`, search: "red" })}`);
    expect(page.errors).toEqual([]);
  },
  chromium === undefined,
);

/** Sets a control as a person would. */
function set(id: string, value: string): string {
  return `(() => {
    const control = document.getElementById(${JSON.stringify(id)});
    control.value = ${JSON.stringify(value)};
    for (const kind of ["input", "change"]) {
      control.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  })()`;
}

Deno.test("view: what the tests made is removed", async () => {
  if (made !== undefined) await Deno.remove((await made).root, { recursive: true });
});
