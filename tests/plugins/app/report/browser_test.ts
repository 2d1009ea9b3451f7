import { expect } from "expect";
import { pathToFileURL } from "node:url";
import { writeReport } from "../../../../plugins/app/report/write_report.ts";
import { type BrowserPage, findChromium, openPage, showOn } from "../../../helpers/browser.ts";
import { HOSTILE, writeParaphraseRun, writeRun } from "../../../helpers/report_fixture.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

// Where there is none the tests are reported as ignored; CHROMIUM names one.
const chromium = await findChromium();

function browserTest(
  name: string,
  test: (page: BrowserPage) => Promise<void>,
  write: (folder: string) => Promise<void> = writeRun,
): void {
  Deno.test({
    name: chromium === undefined ? `${name} (needs Chromium)` : name,
    ignore: chromium === undefined,
    fn: () =>
      withFolder(async (folder) => {
        await write(folder);
        const address = pathToFileURL(await writeReport(folder)).href;
        await using page = await openPage(chromium!, address);
        await test(page);
        expect(page.errors).toEqual([]);
        // Thumbnails are addresses too, but hold what they name.
        expect(page.requests.filter((request) => !request.startsWith("data:"))).toEqual([address]);
      }),
  });
}

/** The positions of the items that are shown, by the number in their first text. */
const SHOWN = `[...document.querySelectorAll("#item-list .item")].map((item) =>
  Number(/cat on mat (\\d+)/.exec(item.querySelector("tbody th").textContent)[1]))`;

/** Sets a control as a person would. */
function choose(name: string, value: string): string {
  return `(() => {
    const form = document.getElementById("item-filters");
    const control = form.elements[${JSON.stringify(name)}];
    control.value = ${JSON.stringify(value)};
    // Radio buttons are a list.
    (control instanceof Node ? control : form).dispatchEvent(new Event("input", { bubbles: true }));
  })()`;
}

browserTest(
  "report: opens without a fault, with its plots drawn and nothing run from data",
  async (page) => {
    expect(await page.evaluate("document.title")).toBe("quiz-run · Syntagma");
    expect(await page.evaluate("window.hacked")).toBe(undefined);
    // Each plot has a line as wide as most of the picture.
    const widths = await page.evaluate(`[...document.querySelectorAll("figure svg")].map((svg) =>
    Math.max(...[...svg.querySelectorAll("path.line")].map((path) =>
      path.getBoundingClientRect().width / svg.getBoundingClientRect().width)))`) as number[];
    expect(widths).toHaveLength(9);
    // The two steps of an objective are half of the four steps apart.
    for (const width of widths) expect(width).toBeGreaterThan(0.35);
    // The labels of the sweep's points stand beside its curve, not on it.
    const labels = await page.evaluate(`(() => {
      const svg = document.querySelector(".tradeoff svg");
      const curve = svg.querySelector("path.line");
      const places = Array.from({ length: 101 }, (_, index) =>
        curve.getPointAtLength(curve.getTotalLength() * index / 100)
          .matrixTransform(curve.getScreenCTM()));
      const texts = [...svg.querySelectorAll(".labels text")];
      return texts.map((label) => {
        const { left, right, top, bottom } = label.getBoundingClientRect();
        return {
          text: label.textContent,
          isCrossed: places.some(({ x, y }) => x > left && x < right && y > top && y < bottom),
        };
      });
    })()`);
    expect(labels).toEqual(
      ["α = 0", "α = 0.5", "α = 1"].map((text) => ({ text, isCrossed: false })),
    );
    const pictures = await page.evaluate(`(async () => {
    const images = [...document.images];
    await Promise.all(images.map((image) => image.decode()));
    return images.map((image) => Math.max(image.naturalWidth, image.naturalHeight));
  })()`);
    expect(pictures).toEqual(Array.from({ length: 8 }, () => 192));
  },
);

browserTest("report: items are filtered, ordered, searched and counted", async (page) => {
  const status = () => page.evaluate(`document.getElementById("item-status").textContent`);
  // Changes of the margins of items 0 to 7 in hundredths: −4.5, 6, 3, 8, 5, 10, 7, 12.
  // What was won (7, 5, 3, 1) and what was lost (0) in turn, then the others.
  expect(await page.evaluate(SHOWN)).toEqual([7, 0, 5, 3, 1, 6, 4, 2]);
  await page.evaluate(choose("order", "size"));
  expect(await page.evaluate(SHOWN)).toEqual([7, 5, 3, 6, 1, 4, 0, 2]);
  await page.evaluate(choose("order", "loss"));
  expect(await page.evaluate(SHOWN)).toEqual([0, 2, 4, 1, 6, 3, 5, 7]);
  await page.evaluate(choose("outcome", "won"));
  expect(await page.evaluate(SHOWN)).toEqual([1, 3, 5, 7]);
  expect(await status()).toBe("4 items");
  await page.evaluate(choose("outcome", "lost"));
  expect(await page.evaluate(SHOWN)).toEqual([0]);
  expect(await status()).toBe("1 item");
  await page.evaluate(choose("search", "ONERROR hacked"));
  expect(await status()).toBe("No item fits.");
  await page.evaluate(choose("outcome", "all"));
  // Item 3 has it in its name, item 5 in a text.
  expect(await page.evaluate(SHOWN)).toEqual([3, 5]);
  expect(await page.evaluate(`document.querySelector("#item-list").textContent`)).toContain(
    HOSTILE,
  );
  const counts = await page.evaluate(
    `Object.fromEntries([...document.querySelectorAll("[data-count]")].map((place) =>
      [place.dataset.count, place.textContent]))`,
  );
  expect(counts).toEqual({ all: "2", won: "2", lost: "0", wrong: "0", right: "0" });
  // From and to the same stage nothing turns.
  await page.evaluate(choose("search", ""));
  await page.evaluate(choose("from", "1"));
  await page.evaluate(choose("outcome", "wrong"));
  expect(await page.evaluate(SHOWN)).toEqual([0]);
});

browserTest(
  "report: the margin follows the metric, and texts without a picture are told",
  async (page) => {
    const first = () => page.evaluate(`document.querySelector("#item-list .item").innerText`);
    const bold = () =>
      page.evaluate(`[...document.querySelector("#item-list .item").querySelectorAll("tr")]
        .filter((row) => row.querySelector(".greatest")).map((row) => row.cells[0].innerText)`);
    await page.evaluate(choose("order", "gain"));
    await page.evaluate(choose("subset", "0"));
    expect(await first()).toMatch(/0 · itt_acc[^]*Margin\s+0\.200\s+0\.400\s+\+0\.200/);
    expect(await bold()).toEqual(["true a cat on mat 0", "true on mat 0 is a cat"]);
    await page.evaluate(choose("metric", "tot_acc"));
    expect(await first()).toMatch(/1 · tot_acc[^]*Margin\s+0\.100\s+0\.150\s+\+0\.050/);
    expect(await bold()).toEqual(["the true texts with each other"]);
    await page.evaluate(choose("order", "loss"));
    expect(await page.evaluate(SHOWN)).not.toContain(1);
    await page.evaluate(choose("subset", "1"));
    expect(await first()).toMatch(/true a cat\ntrue one cat\nfalse a mat\n/);
    expect(await first()).toMatch(/Margin\s+0\.100\s+0\.100\s+0\.000/);
  },
  writeParaphraseRun,
);

browserTest(
  "report: the keyboard reaches and works every control, with its focus in sight",
  async (page) => {
    // Otherwise the page glides to what has the focus, and takes its time.
    const features = [{ name: "prefers-reduced-motion", value: "reduce" }];
    await page.send("Emulation.setEmulatedMedia", { features });
    await page.evaluate(choose("subset", "0"));
    const controls = await page.evaluate(`(() => {
      const all = "a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']";
      window.controls = [...document.querySelectorAll(all)].filter((each) =>
        each.checkVisibility() && !(each.type === "radio" && !each.checked));
      document.activeElement.blur();
      return window.controls.map((each) => each.id || each.name || each.textContent);
    })()`) as string[];
    expect(controls).toEqual(
      expect.arrayContaining([
        ...["Composition", "What was run", "Every setting of the recipe", "item-search"],
        ...["item-subset", "item-metric", "item-from", "item-order", "outcome", "item-more"],
      ]),
    );
    for (const control of controls) {
      await page.press("Tab");
      const reached = await page.evaluate(`(() => {
        const element = document.activeElement;
        const shown = element.type === "radio" ? element.nextElementSibling : element;
        const { top, bottom } = shown.getBoundingClientRect();
        return {
          control: element.id || element.name || element.textContent,
          outline: getComputedStyle(shown).outlineStyle,
          inSight: bottom > 0 && top < innerHeight,
        };
      })()`);
      expect(reached).toEqual({ control, outline: "solid", inSight: true });
    }
    // The button for more leads to the first of the items that it adds.
    await page.evaluate(`document.getElementById("item-more").focus()`);
    await page.press("Enter");
    expect(
      await page.evaluate(`[...document.getElementById("item-list").children]
        .indexOf(document.activeElement)`),
    ).toBe(20);
    // The second of the radio buttons: won, which nothing is.
    await page.evaluate(`document.querySelector("[name=outcome]").focus()`);
    await page.press("ArrowRight");
    expect(await page.evaluate(`document.getElementById("item-status").textContent`))
      .toBe("No item fits.");
  },
  writeParaphraseRun,
);

browserTest(
  "report: a phone shows how many items were scored, and what chance leaves open",
  async (page) => {
    await showOn(page, { width: 390 });
    const seen = (selector: string) =>
      page.evaluate(`[...document.querySelectorAll("#composition ${selector}")]
        .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right <= 390)
        .map((each) => each.textContent)`);
    expect(await seen(".count")).toEqual(["25 of 100 items", "1 of 100 items"]);
    // All items are right: no sample of them is otherwise.
    expect(await seen(".score small")).toEqual(Array.from({ length: 4 }, () => "100.0–100.0"));
    expect(await seen(".change small")).toEqual(["0.0 to 0.0", "0.0 to 0.0"]);
  },
  writeParaphraseRun,
);

browserTest("report: a phone, the dark and paper each get a page that fits", async (page) => {
  const emulate = async (width: number, media: string, scheme: string) => {
    const shown = await showOn(page, { width, media, scheme });
    const styles = await page.evaluate(`({
      curve: getComputedStyle(document.querySelector("figure svg path.line")).stroke,
      filters: getComputedStyle(document.getElementById("item-filters")).display,
    })`);
    return { ...shown, ...styles as Readonly<Record<string, string>> };
  };
  expect(await emulate(360, "screen", "light")).toEqual({
    beyond: 0,
    paper: "rgb(253, 252, 250)",
    curve: "rgb(61, 90, 128)",
    filters: "grid",
  });
  expect(await emulate(360, "screen", "dark")).toEqual({
    beyond: 0,
    paper: "rgb(23, 23, 21)",
    curve: "rgb(157, 184, 221)",
    filters: "grid",
  });
  expect(await emulate(800, "print", "dark")).toEqual({
    beyond: 0,
    paper: "rgb(255, 255, 255)",
    curve: "rgb(36, 68, 108)",
    filters: "none",
  });
});
