import { expect } from "expect";
import { pathToFileURL } from "node:url";
import { writeReport } from "../plugins/report/mod.ts";
import { type BrowserPage, findChromium, openPage } from "./browser.ts";
import { HOSTILE, writeRun } from "./report_fixture.ts";
import { withFolder } from "./with_folder.ts";

// Where there is none the tests are reported as ignored; CHROMIUM names one.
const chromium = await findChromium();

function browserTest(name: string, test: (page: BrowserPage) => Promise<void>): void {
  Deno.test({
    name: chromium === undefined ? `${name} (needs Chromium)` : name,
    ignore: chromium === undefined,
    fn: () =>
      withFolder(async (folder) => {
        await writeRun(folder);
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
  Number(/cat on mat (\\d)/.exec(item.textContent)[1]))`;

/** Sets a control as a person would. */
function choose(name: string, value: string): string {
  return `(() => {
    const form = document.getElementById("item-filters");
    form.elements[${JSON.stringify(name)}].value = ${JSON.stringify(value)};
    form.dispatchEvent(new Event("input", { bubbles: true }));
  })()`;
}

browserTest(
  "report: opens without a fault, with its plots drawn and nothing run from data",
  async (page) => {
    expect(await page.evaluate("document.title")).toBe("quiz-run · Syntagma");
    expect(await page.evaluate("window.hacked")).toBe(undefined);
    // Each plot has a line as wide as most of the picture.
    const widths = await page.evaluate(`[...document.querySelectorAll("figure svg")].map((svg) =>
    Math.max(...[...svg.querySelectorAll(".mark-line path")].map((path) =>
      path.getBoundingClientRect().width / svg.getBoundingClientRect().width)))`) as number[];
    expect(widths).toHaveLength(8);
    // The two steps of an objective are half of the four steps apart.
    for (const width of widths) expect(width).toBeGreaterThan(0.35);
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
  expect(await page.evaluate(SHOWN)).toEqual([7, 5, 3, 1, 0, 6, 4, 2]);
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
  "report: the keyboard reaches and works every control, with its focus in sight",
  async (page) => {
    const focused = () =>
      page.evaluate(`document.activeElement.id || document.activeElement.name ||
      document.activeElement.getAttribute("href") || document.activeElement.className`);
    const reached: unknown[] = [];
    for (let count = 0; count < 40 && !reached.includes("outcome"); count++) {
      await page.press("Tab");
      reached.push(await focused());
      const outline = await page.evaluate(
        `(() => {
        const element = document.activeElement;
        const shown = element.type === "radio" ? element.nextElementSibling : element;
        return getComputedStyle(shown).outlineStyle;
      })()`,
      );
      expect({ at: reached.at(-1), outline }).toEqual({ at: reached.at(-1), outline: "solid" });
    }
    const expected = ["#composition", "item-search", "item-subset", "item-from", "item-order"];
    expect(reached).toEqual(expect.arrayContaining([...expected, "outcome"]));
    // The second of the radio buttons: won.
    await page.press("ArrowRight");
    expect(await page.evaluate(SHOWN)).toEqual([7, 5, 3, 1]);
  },
);

browserTest("report: a phone, the dark and paper each get a page that fits", async (page) => {
  const emulate = async (width: number, media: string, scheme: string) => {
    await page.send("Emulation.setDeviceMetricsOverride", {
      width,
      height: 800,
      deviceScaleFactor: 1,
      mobile: width < 600,
    });
    await page.send("Emulation.setEmulatedMedia", {
      media,
      features: [{ name: "prefers-color-scheme", value: scheme }],
    });
    return await page.evaluate(`({
      beyond: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      paper: getComputedStyle(document.body).backgroundColor,
      curve: getComputedStyle(document.querySelector("figure svg .mark-line path")).stroke,
      filters: getComputedStyle(document.getElementById("item-filters")).display,
    })`);
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
