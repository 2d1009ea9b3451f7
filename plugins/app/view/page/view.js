// The page over a folder of runs: what the server tells is shown as the address asks for it.
import { element, make, reasonOf, say } from "../../web/page/elements.js";
import { readAddress, writeAddress } from "./address.js";
import { showCurves, swatch } from "./overlay.js";
import { chooseRows, drawnRuns, methodOf, scoreColumns, shownColumns, sortBy } from "./rows.js";
import { showTable } from "./table.js";

/**
 * @typedef {import("../view_row.ts").ViewRow} ViewRow
 * @typedef {import("../view_row.ts").ViewSteps} ViewSteps
 * @typedef {import("../../report/series.ts").Series} Series
 * @typedef {import("./address.js").Shown} Shown
 * @typedef {import("./overlay.js").DrawnRun & { next: string, step: number, scored: string }} Fetched
 */

/** @type {Map<string, ViewRow>} */
const rows = new Map();
/** What is known of the curves of runs. @type {Map<string, Fetched>} */
const curves = new Map();
/** @type {Shown} */
let shown = readAddress(location.search);
/** Whether curves are being fetched, and whether there is more to fetch after that. */
let fetching = "no";

/** @param {Partial<Shown>} change */
function change(change) {
  shown = { ...shown, ...change };
  history.replaceState(null, "", `${location.pathname}${writeAddress(shown)}${location.hash}`);
  show();
}

function show() {
  const all = [...rows.values()];
  const drawn = drawnRuns(all, shown.runs);
  const columns = scoreColumns(all);
  const chosen = chooseRows(all, shown);
  offerFilters(all);
  offerColumns(columns);
  showTable({
    rows: chosen,
    columns: shownColumns(columns, shown.columns),
    sort: shown.sort,
    drawn: new Map(drawn.map(({ id }, place) => [id, swatch(place)])),
    onSort: (key) => change({ sort: sortBy(shown.sort, key) }),
    onDraw: (id, isDrawn) => {
      const others = drawn.map((row) => row.id).filter((each) => each !== id);
      change({ runs: isDrawn ? [...others, id] : others });
    },
  });
  say("count", `${chosen.length} of ${all.length} ${all.length === 1 ? "row" : "rows"}`);
  showLegend(drawn);
  offerModels(all, drawn);
  fetchCurves(drawn);
}

/** @param {readonly ViewRow[]} drawn */
function showLegend(drawn) {
  element("legend").replaceChildren(...drawn.map(({ id }, place) => {
    const entry = make("li");
    entry.append(swatch(place), id);
    return entry;
  }));
  if (drawn.length === 0) {
    say("curves-status", "No run is chosen: the boxes in the table draw its curves.");
    drawCurves(drawn);
  }
}

/** What is drawn; only where something of it is another is it drawn again. @type {readonly unknown[]} */
let lastDrawn = [];

/** @param {readonly ViewRow[]} drawn */
function drawCurves(drawn) {
  const runs = drawn.flatMap(({ id }) => curves.get(id) ?? []);
  const next = [shown.terms, ...runs];
  if (next.length === lastDrawn.length && next.every((each, i) => each === lastDrawn[i])) return;
  lastDrawn = next;
  showCurves(runs, shown.terms);
}

/** Asks for what is new of the curves that are drawn, and draws them. @param {readonly ViewRow[]} drawn */
async function fetchCurves(drawn) {
  if (fetching !== "no") {
    fetching = "again";
    return;
  }
  fetching = "yes";
  try {
    for (const row of drawn) await fetchRun(row);
    if (drawn.length > 0) say("curves-status", "");
    drawCurves(drawn);
  } catch (error) {
    say("curves-status", reasonOf(error), true);
  }
  const isMore = String(fetching) === "again";
  fetching = "no";
  if (isMore) fetchCurves(drawnRuns([...rows.values()], shown.runs));
}

/** @param {ViewRow} row */
async function fetchRun({ id, step, steps, scored }) {
  const before = curves.get(id);
  if (before?.step === step && before.scored === scored) return;
  const run = encodeURIComponent(id);
  /** @type {ViewSteps} */
  const added = before?.step === step
    ? { next: before.next, all: false, steps: [] }
    : await ask(`/steps?run=${run}&from=${encodeURIComponent(before?.next ?? "")}`);
  /** @type {readonly Series[]} */
  const scores = before?.scored === scored ? before.scores : await ask(`/curves?run=${run}`);
  const known = added.all ? [] : before?.steps ?? [];
  const all = [...known, ...added.steps];
  curves.set(id, {
    ...{ id, next: added.next, scored, scores, steps: all },
    total: Math.max(steps, all.at(-1)?.step ?? 0),
    step,
  });
}

/** @param {string} address */
async function ask(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error((await response.text()).trim());
  return await response.json();
}

/** @param {readonly ViewRow[]} all */
function offerFilters(all) {
  for (const name of /** @type {const} */ (["method", "model"])) {
    const values = all.filter(({ kind }) => kind === "run")
      .map((row) => name === "method" ? methodOf(row) : row.model);
    // What the address asks for stays there, also before such a run is.
    const offered = [...new Set([...values, shown[name]])].filter(Boolean).sort();
    offer(name, [["", "All"], ...offered.map((each) => /** @type {const} */ ([each, each]))]);
  }
  for (const name of /** @type {const} */ (["q", "method", "model", "state"])) {
    const control = /** @type {HTMLFormElement} */ (element("filters")).elements.namedItem(name);
    if (control instanceof HTMLSelectElement || control instanceof HTMLInputElement) {
      if (control.value !== shown[name]) control.value = shown[name];
    }
  }
  /** @type {HTMLInputElement} */ (element("terms")).checked = shown.terms;
}

/**
 * Sets what a list offers; it stays as it is where that has not changed.
 *
 * @param {string} id
 * @param {readonly (readonly [value: string, text: string])[]} options
 */
function offer(id, options) {
  const select = /** @type {HTMLSelectElement} */ (element(id));
  const made = JSON.stringify(options);
  if (select.dataset["made"] === made) return;
  select.dataset["made"] = made;
  const { value } = select;
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
  if (options.some(([each]) => each === value)) select.value = value;
}

/** @param {readonly import("./rows.js").ScoreColumn[]} columns */
function offerColumns(columns) {
  const list = element("column-list");
  const chosen = shownColumns(columns, shown.columns).map(({ key }) => key);
  const made = JSON.stringify(columns.map(({ key }) => key));
  if (list.dataset["made"] !== made) {
    list.dataset["made"] = made;
    list.replaceChildren(
      make("legend", "visually-hidden", "Scores in the table"),
      ...columns.map(({ key, dataset, metric }) => {
        const label = make("label");
        const box = document.createElement("input");
        box.type = "checkbox";
        box.value = key;
        label.append(box, make("span", undefined, `${dataset} `));
        label.lastElementChild?.append(make("span", "muted", metric));
        return label;
      }),
    );
  }
  for (const box of list.querySelectorAll("input")) box.checked = chosen.includes(box.value);
}

/**
 * The models that can be compared; at first those of the runs that are drawn.
 *
 * @param {readonly ViewRow[]} all
 * @param {readonly ViewRow[]} drawn
 */
function offerModels(all, drawn) {
  const models = all.flatMap(({ id, stages, kind }) =>
    stages.map((
      stage,
    ) => /** @type {const} */ ([`${id}/${stage}`, kind === "results" ? id : `${id}: ${stage}`]))
  );
  for (const id of ["first", "second"]) offer(id, models);
  /** @param {ViewRow | undefined} row @param {number} place */
  const model = (row, place) => {
    const stage = row?.stages.at(place);
    return row === undefined || stage === undefined ? undefined : `${row.id}/${stage}`;
  };
  const scored = drawn.filter(({ stages }) => stages.length > 0);
  const [one, two] = scored;
  const first = shown.a || (two === undefined ? model(one, 0) : model(one, -1));
  const second = shown.b || model(two ?? one, -1);
  const link = element("compare");
  for (const [id, value] of /** @type {const} */ ([["first", first], ["second", second]])) {
    const select = /** @type {HTMLSelectElement} */ (element(id));
    if (value !== undefined && models.some(([each]) => each === value)) select.value = value;
  }
  const [a, b] = ["first", "second"].map((id) =>
    /** @type {HTMLSelectElement} */ (element(id)).value
  );
  if (a && b) link.setAttribute("href", `/compare?${new URLSearchParams({ a, b })}`);
  else link.removeAttribute("href");
}

// Controls.

const filters = /** @type {HTMLFormElement} */ (element("filters"));
filters.addEventListener("submit", (event) => event.preventDefault());
filters.addEventListener("input", ({ target }) => {
  if (target instanceof HTMLInputElement && target.type === "checkbox") {
    const boxes = [...element("column-list").querySelectorAll("input")];
    change({ columns: boxes.filter(({ checked }) => checked).map(({ value }) => value) });
    return;
  }
  const values = new FormData(filters);
  /** @param {string} name */
  const text = (name) => String(values.get(name) ?? "");
  change({ q: text("q"), method: text("method"), model: text("model"), state: text("state") });
});
element("terms").addEventListener("change", ({ target }) => {
  change({ terms: /** @type {HTMLInputElement} */ (target).checked });
  drawCurves(drawnRuns([...rows.values()], shown.runs));
});
for (const [id, name] of /** @type {const} */ ([["first", "a"], ["second", "b"]])) {
  element(id).addEventListener("change", ({ target }) => {
    change({ [name]: /** @type {HTMLSelectElement} */ (target).value });
  });
}
addEventListener("popstate", () => {
  shown = readAddress(location.search);
  show();
});

// What the server tells.

const events = new EventSource("/events");
events.addEventListener("rows", ({ data }) => {
  for (const row of JSON.parse(data)) rows.set(row.id, row);
  // Rows stand in the order of their paths, whenever they came.
  const sorted = [...rows].sort(([a], [b]) => a < b ? -1 : 1);
  rows.clear();
  for (const [id, row] of sorted) rows.set(id, row);
  const running = sorted.filter(([, { state, kind }]) => state === "running" && kind === "run");
  say(
    "live",
    running.length === 0
      ? "Nothing is under way; what is new comes by itself."
      : `${running.length} under way; what is new comes by itself.`,
  );
  show();
  document.body.dataset["ready"] = "";
});
events.addEventListener("gone", ({ data }) => {
  for (const id of JSON.parse(data)) {
    rows.delete(id);
    curves.delete(id);
  }
  show();
});
events.addEventListener("fault", ({ data }) => say("live", JSON.parse(data), true));
events.addEventListener(
  "error",
  () => say("live", "The server does not answer; it is asked again.", true),
);
