import { expect } from "expect";
import { readAddress, writeAddress } from "../../../../../plugins/app/view/page/address.js";
import { lineStyle } from "../../../../../plugins/app/view/page/overlay.js";
import {
  chooseRows,
  drawnRuns,
  scoreColumns,
  scoreOf,
  shownColumns,
  sortBy,
} from "../../../../../plugins/app/view/page/rows.js";
import { stepsText } from "../../../../../plugins/app/view/page/table.js";
import type { ViewRow } from "../../../../../plugins/app/view/view_row.ts";

const row = (id: string, facts: Partial<ViewRow> = {}): ViewRow => ({
  ...{ id, kind: "run", name: "clic", methods: ["clic"], model: "tiny CLIP" },
  ...{ overrides: [], started: "", state: "done", fault: null, step: 4, steps: 4, report: false },
  ...{ stages: [], scores: [], scored: "" },
  ...facts,
});

const score = (dataset: string, values: (number | null)[], part = false) => ({
  ...{ dataset, metric: "acc", part, values },
});

const shown = readAddress("");
const ids = (rows: readonly ViewRow[]) => rows.map(({ id }) => id);

Deno.test("readAddress: what writeAddress wrote; nothing stands there that nobody chose", () => {
  expect(writeAddress(shown)).toBe("");
  const chosen = {
    ...{ q: "a b&c", method: "clic + negclip", model: "", state: "done", sort: "quiz acc" },
    ...{ columns: [], runs: ["study/a/seed-0/x", "y z"], terms: true, a: "x/before", b: "" },
  };
  expect(readAddress(writeAddress(chosen))).toEqual(chosen);
  expect(readAddress("?other=1")).toEqual(shown);
});

Deno.test("chooseRows: all words, method, model and state; what has no value comes last", () => {
  const rows = [
    row("one", { started: "2026-01-01", scores: [score("quiz", [0.5, 0.9])] }),
    row("two", { started: "2026-01-03", scores: [score("quiz", [0.5, 0.7])], state: "running" }),
    row("ten", { overrides: ["batch=8"], methods: ["clic", "negclip"], step: 20 }),
    row("bad", { state: "broken", fault: "no manifest" }),
  ];
  const choose = (asked: object) => ids(chooseRows(rows, { ...shown, ...asked }));
  expect(choose({})).toEqual(["two", "one", "ten", "bad"]);
  expect(choose({ sort: "started" })).toEqual(["one", "two", "ten", "bad"]);
  expect(choose({ sort: "quiz acc" })).toEqual(["two", "one", "ten", "bad"]);
  expect(choose({ sort: "-quiz acc" })).toEqual(["one", "two", "ten", "bad"]);
  expect(choose({ sort: "-steps" })[0]).toBe("ten");
  expect(choose({ sort: "run" })).toEqual(["bad", "one", "ten", "two"]);
  expect(choose({ q: "BATCH negclip" })).toEqual(["ten"]);
  expect(choose({ q: "manifest" })).toEqual(["bad"]);
  expect(choose({ state: "running" })).toEqual(["two"]);
  expect(choose({ method: "clic + negclip" })).toEqual(["ten"]);
  expect(choose({ model: "other" })).toEqual([]);
});

Deno.test("sortBy: names from their beginning, numbers from the greatest, then the other way", () => {
  expect(["run", "-run"].map((sort) => sortBy(sort, "run"))).toEqual(["-run", "run"]);
  expect(["run", "-steps", "steps"].map((sort) => sortBy(sort, "steps")))
    .toEqual(["-steps", "steps", "-steps"]);
});

Deno.test("scoreOf: of the last model that has it, and from the first one", () => {
  const one = row("one", { scores: [score("quiz", [0.5, 0.75, null])] });
  expect(scoreOf(one, "quiz acc")).toEqual({ now: 0.75, change: 0.25 });
  expect(scoreOf(row("two", { scores: [score("quiz", [0.5])] }), "quiz acc"))
    .toEqual({ now: 0.5, change: undefined });
  expect(scoreOf(row("two"), "quiz acc")).toEqual({ now: undefined, change: undefined });
});

Deno.test("shownColumns: wholes that most rows have, or those chosen in their order", () => {
  const rows = [
    row("one", { scores: [score("all/part", [1], true), score("all", [1])] }),
    row("two", { scores: [score("all/part", [1], true), score("rare", [1]), score("all", [1])] }),
  ];
  const all = scoreColumns(rows);
  expect(all.map(({ key, rows }) => [key, rows]))
    .toEqual([["all acc", 2], ["rare acc", 1], ["all/part acc", 2]]);
  expect(shownColumns(all, undefined)).toHaveLength(3);
  expect(shownColumns(all, ["rare acc", "gone"]).map(({ key }) => key)).toEqual(["rare acc"]);
});

Deno.test("drawnRuns: those chosen, else those under way, else the newest two", () => {
  const rows = [
    row("a", { started: "2026-01-01" }),
    row("b", { started: "2026-01-03" }),
    row("c", { started: "2026-01-02" }),
    row("d", { started: "2026-01-04", step: 0 }),
    row("s", { started: "2026-01-05", kind: "study" }),
  ];
  expect(ids(drawnRuns(rows, undefined))).toEqual(["b", "c"]);
  expect(ids(drawnRuns([...rows, row("e", { state: "running" })], undefined))).toEqual(["e"]);
  expect(ids(drawnRuns(rows, ["c", "gone", "a"]))).toEqual(["c", "a"]);
  expect(drawnRuns(rows, [])).toEqual([]);
});

Deno.test("lineStyle: no two of 32 runs look the same, and neighbours differ without colour", () => {
  const styles = Array.from({ length: 32 }, (_, place) => lineStyle(place));
  expect(new Set(styles.map((style) => JSON.stringify(style))).size).toBe(32);
  styles.slice(1).forEach(({ dash }, place) => expect(dash).not.toBe(styles[place]!.dash));
});

Deno.test("stepsText: steps done, and of how many where it is not all", () => {
  expect(stepsText({ kind: "run", step: 1200, steps: 1200 })).toBe("1,200");
  expect(stepsText({ kind: "run", step: 3, steps: 1200 })).toBe("3 of 1,200");
  expect(stepsText({ kind: "study", step: 2, steps: 2 })).toBe("2 of 2 runs");
  expect(stepsText({ kind: "results", step: 0, steps: 0 })).toBe("");
});
