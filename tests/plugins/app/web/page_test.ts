import { expect } from "expect";
import { runProgram } from "../../../../plugins/app/cli/run_program.ts";
import { processWorld } from "../../../../plugins/app/cli/world.ts";
import { bundleModule } from "../../../../plugins/app/web/bundle.ts";
import { pageFiles } from "../../../../plugins/app/web/page_files.ts";
import { serveFiles } from "../../../../plugins/app/web/serve_files.ts";
import {
  type BrowserPage,
  findChromium,
  openPage,
  showOn,
  SOFTWARE_WEBGPU,
  unreachable,
  until,
} from "../../../helpers/browser.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

// Where there is none the tests are reported as ignored; CHROMIUM names one.
const chromium = await findChromium();

/** Bundled once for all tests of this file. */
let files: ReturnType<typeof pageFiles> | undefined;
const site = () => files ??= pageFiles();

/** The losses of the command line with the same settings, on the CPU. */
async function commandLineLosses(steps: number, batch: number): Promise<number[]> {
  let losses: number[] = [];
  await withFolder(async (folder) => {
    const world = { ...processWorld(), stdout: createSink(), stderr: createSink() };
    const settings = [`steps=${steps}`, `batch=${batch}`, "evaluators.scenesCompositional.items=1"];
    const rest = ["--device", "cpu", "--runs", folder];
    expect(await runProgram(["recipe", "clic-web", ...settings, ...rest], undefined, world)).toBe(
      0,
    );
    for await (const { name } of Deno.readDir(folder)) {
      const lines = (await Deno.readTextFile(`${folder}/${name}/metrics.jsonl`)).trim().split("\n");
      losses = lines.map((line) => JSON.parse(line).loss);
    }
  });
  return losses;
}

/** Serves the page, opens it, waits until its model is there, and looks at what went wrong. */
async function onPage(
  query: string,
  flags: readonly string[] | undefined,
  test: (page: BrowserPage) => Promise<void>,
): Promise<void> {
  const all = await site();
  await using server = Deno.serve(
    { port: 0, hostname: "localhost", onListen: () => {} },
    serveFiles(all),
  );
  const address = `http://localhost:${server.addr.port}/`;
  await using page = await openPage(chromium!, `${address}${query}`, flags);
  await until(
    page,
    `document.body.dataset.ready || document.getElementById("device").className !== "status"`,
  );
  await test(page);
  expect(page.errors).toEqual([]);
  const elsewhere = page.requests.filter((each) => !/^(data:|blob:)/.test(each))
    .filter((each) => !each.startsWith(address));
  expect(elsewhere).toEqual([]);
}

/** Presses the button and waits for the end; the losses of every step. */
async function train(page: BrowserPage): Promise<number[]> {
  await page.evaluate(`document.getElementById("train").click()`);
  await until(
    page,
    `!document.getElementById("train").disabled &&
      document.getElementById("progress").textContent !== ""`,
  );
  return await page.evaluate(
    `[...document.querySelectorAll("#step-rows tr")].map((row) => Number(row.cells[2].textContent))`,
  ) as number[];
}

function expectEqualLosses(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [step, loss] of expected.entries()) {
    expect(Math.abs(found[step]! - loss)).toBeLessThan(1e-4);
  }
}

/** Writes into a caption's field as a person would. */
function caption(place: number, text: string): string {
  return `(() => {
    const input = document.querySelectorAll("#caption-list input")[${place}];
    input.value = ${JSON.stringify(text)};
    input.dispatchEvent(new Event("input", { bubbles: true }));
  })()`;
}

/** Drops a file or folder on the page, as a person does with the mouse. */
async function drop(page: BrowserPage, path: string): Promise<void> {
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await page.send("Input.dispatchDragEvent", { type, x: 100, y: 100, data });
  }
}

/** Milliseconds until something is painted; of a machine that is busy the least of three. */
async function firstPaint(page: BrowserPage): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < 3; time++) {
    if (time > 0) {
      await page.send("Page.reload");
      await until(page, `document.body?.dataset.ready`);
    }
    times.push(
      await page.evaluate(
        `performance.getEntriesByName("first-contentful-paint")[0].startTime`,
      ) as number,
    );
    if (times.at(-1)! < 1000) break;
  }
  return Math.min(...times);
}

const photo = new URL("../../../data/photos/000000161044.jpg", import.meta.url).pathname;

const text = (id: string) => `document.getElementById("${id}").textContent`;

Deno.test("pageFiles: nothing of Deno or Node is in the page, which is below 4 MB", async () => {
  const all = await site();
  for (const name of ["ui.js", "worker.js"]) {
    const script = new TextDecoder().decode(all.get(name)!.bytes);
    expect(script.length).toBeGreaterThan(5000);
    expect(script.match(/\bDeno\.|["'`]node:/g)).toBeNull();
    // What they import is the page's own.
    for (const [, from] of script.matchAll(/\bimport\b(?!\.meta)[^;"]*?"([^"]+)"/g)) {
      expect({ name, from, isOwn: all.has(from!.replace("./", "")) }).toMatchObject({
        isOwn: true,
      });
    }
  }
  const isLater = (name: string) => /\.(wasm|safetensors)$/.test(name);
  const bytes = [...all].filter(([name]) => !isLater(name))
    .reduce((sum, [, { bytes }]) => sum + bytes.length, 0);
  expect(bytes).toBeLessThan(4e6);
});

Deno.test("bundleModule: what cannot be bundled is told by its name", async () => {
  const missing = new URL("./missing.ts", import.meta.url).href;
  await expect(bundleModule(missing)).rejects.toThrow(
    `${missing} cannot be bundled: `,
  );
});

Deno.test("serveFiles: the page by its names, and nothing else", async () => {
  const serve = serveFiles(
    new Map([["index.html", { type: "text/html", bytes: new TextEncoder().encode("<p>") }]]),
  );
  const get = (path: string, init?: RequestInit) =>
    serve(new Request(`http://localhost${path}`, init));
  expect(await get("/").text()).toBe("<p>");
  expect(get("/index.html").headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(get("/../deno.json").status).toBe(404);
  expect(get("/", { method: "POST" }).status).toBe(405);
});

Deno.test({
  name: "page: trains on wasm as the command line does, believes, saves, opens, fits a phone" +
    (chromium === undefined ? " (needs Chromium)" : ""),
  ignore: chromium === undefined,
  fn: async () => {
    const expected = await commandLineLosses(20, 8);
    // Nothing asks for wasm: a browser without a GPU has nothing else.
    await onPage("?steps=20&batch=8&items=6", undefined, async (page) => {
      expect(await page.evaluate(text("device"))).toMatch(
        /^681,441 parameters on wasm, which is slower: (this browser has|the GPU refused)/,
      );
      expect(await firstPaint(page)).toBeLessThan(1000);
      expectEqualLosses(await train(page), expected);
      expect(await page.evaluate(text("progress"))).toBe("Trained 20 steps.");
      expect(await page.evaluate(text("score"))).toMatch(/^\d of 6 right now, \d before training/);
      expect(await page.evaluate(`document.querySelectorAll(".curves path.line").length`)).toBe(2);

      // Shares of both models sum to one; an unknown word is named.
      await page.evaluate(caption(0, "a red zebra"));
      await until(page, `${text("unknown")} === "It does not know: zebra."`);
      const shares = await page.evaluate(
        `["before", "now"].map((when) => [...document.querySelectorAll("dd." + when)]
          .reduce((sum, { textContent }) => sum + parseFloat(textContent), 0))`,
      ) as number[];
      for (const sum of shares) expect(Math.abs(sum - 100)).toBeLessThan(0.11);

      await withFolder(async (folder) => {
        // What is saved is a model folder; dropped on the page that was started over it is the
        // model that was trained.
        const model = `${folder}/model`;
        await Deno.mkdir(model);
        await page.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: model });
        const trained = await page.evaluate(text("score"));
        await page.evaluate(`document.getElementById("save").click()`);
        const names = () => [...Deno.readDirSync(model)].map(({ name }) => name).toSorted();
        while (String(names()) !== "open_clip_config.json,open_clip_model.safetensors") {
          await new Promise((done) => setTimeout(done, 50));
        }
        await page.evaluate(`document.getElementById("restart").click()`);
        await until(page, `${text("progress")} === "The model is as it was shipped."`);
        await until(page, `/^(\\d) of 6 right now, \\1 before/.test(${text("score")})`);
        await drop(page, model);
        await until(
          page,
          `${text("weights-status")} ===
            "The model is now that of model/open_clip_model.safetensors."`,
        );
        await until(page, `${text("score")} === ${JSON.stringify(trained)}`);
        // What is no model is told; a picture is looked at.
        await Deno.writeTextFile(`${folder}/a.safetensors`, "no weights");
        await drop(page, `${folder}/a.safetensors`);
        await until(
          page,
          `/expected \\d+ bytes|not a safetensors file/.test(${text("weights-status")})`,
        );
        await drop(page, photo);
        await until(page, `document.getElementById("picture").ariaLabel === "Your picture"`);
        expect(await page.evaluate(`document.getElementById("picture").width`)).toBe(640);
      });

      // A phone, in the dark: nothing is wider than the screen.
      expect(await showOn(page, { width: 360, scheme: "dark" }))
        .toEqual({ beyond: 0, paper: "rgb(23, 23, 21)" });

      expect(await unreachable(page)).toEqual([]);
    });
  },
});

// In software a step takes seconds; SYNTAGMA_PAGE_STEPS=20 looks at more of them.
const steps = Number(Deno.env.get("SYNTAGMA_PAGE_STEPS") ?? 2);

Deno.test({
  name: "page: trains on WebGPU as the command line does" +
    (chromium === undefined ? " (needs Chromium)" : ""),
  ignore: chromium === undefined,
  fn: async () => {
    const expected = await commandLineLosses(steps, 4);
    await onPage(`?steps=${steps}&batch=4&items=1`, SOFTWARE_WEBGPU, async (page) => {
      expect(await page.evaluate(text("device"))).toContain("parameters on WebGPU");
      expectEqualLosses(await train(page), expected);
    });
  },
});
