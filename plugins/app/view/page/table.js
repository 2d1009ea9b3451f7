// The table of all rows. Texts from files go through textContent.
import { count, percent, points } from "../../report/numbers.ts";
import { element, make } from "../../web/page/elements.js";
import { reportAddress } from "../report_address.ts";
import { methodOf, scoreOf } from "./rows.js";

/**
 * @typedef {import("../view_row.ts").ViewRow} ViewRow
 * @typedef {import("./rows.js").ScoreColumn} ScoreColumn
 * @typedef {{
 *   rows: readonly ViewRow[],
 *   columns: readonly ScoreColumn[],
 *   sort: string,
 *   drawn: ReadonlyMap<string, HTMLElement>,
 *   onSort: (key: string) => void,
 *   onDraw: (id: string, isDrawn: boolean) => void,
 * }} Table `drawn` has a mark for each run whose curves are drawn.
 */

const COLUMNS = /** @type {const} */ ([
  ["run", "Run"],
  ["method", "Method"],
  ["model", "Model"],
  ["started", "Started"],
  ["state", "State"],
  ["steps", "Steps"],
]);

/** @type {Map<string, { made: string, cells: HTMLElement }>} */
let known = new Map();
let head = "";

/**
 * Shows the table. Rows that look as before stay as they are, so that nobody loses their place.
 *
 * @param {Table} table
 */
export function showTable(table) {
  showHead(table);
  const body = element("rows");
  /** @type {typeof known} */
  const next = new Map();
  const focused = document.activeElement?.getAttribute("data-control") ?? "";
  for (const row of table.rows) {
    const made = JSON.stringify([row, table.columns, table.drawn.get(row.id)?.outerHTML]);
    const before = known.get(row.id);
    next.set(row.id, before?.made === made ? before : { made, cells: drawRow(row, table) });
  }
  known = next;
  const cells = [...next.values()].map(({ cells }) => cells);
  if (cells.length === body.children.length && cells.every((row, i) => body.children[i] === row)) {
    return;
  }
  const within = body.contains(document.activeElement);
  body.replaceChildren(...cells);
  if (within) control(focused)?.focus();
}

/** @param {string} name */
function control(name) {
  const found = [...document.querySelectorAll("[data-control]")]
    .find((each) => each.getAttribute("data-control") === name);
  return found instanceof HTMLElement ? found : undefined;
}

/** @param {Table} table */
function showHead({ columns, sort, onSort }) {
  const made = JSON.stringify([columns.map(({ key }) => key), sort]);
  if (made === head) return;
  head = made;
  const focused = document.activeElement?.getAttribute("data-control") ?? "";
  const draw = make("th");
  draw.setAttribute("scope", "col");
  draw.append(make("span", "visually-hidden", "Draw"));
  const cells = [draw];
  /**
   * @param {string} key
   * @param {string} title
   * @param {string} [metric]
   */
  const add = (key, title, metric) => {
    const cell = make("th", metric === undefined && key !== "steps" ? "" : "number");
    cell.setAttribute("scope", "col");
    const way = sort === key ? "ascending" : sort === `-${key}` ? "descending" : "none";
    cell.setAttribute("aria-sort", way);
    const button = make("button", undefined, title);
    button.setAttribute("type", "button");
    button.setAttribute("data-control", `sort ${key}`);
    if (way !== "none") button.append(way === "ascending" ? " ↑" : " ↓");
    if (metric !== undefined) button.append(make("span", "metric", metric));
    button.addEventListener("click", () => onSort(key));
    cell.append(button);
    cells.push(cell);
  };
  for (const [key, title] of COLUMNS) add(key, title);
  for (const { key, dataset, metric } of columns) {
    add(key, dataset.replaceAll("/", "/\u200b"), metric);
  }
  element("head").replaceChildren(...cells);
  control(focused)?.focus();
}

/**
 * @param {ViewRow} row
 * @param {Table} table
 */
function drawRow(row, { columns, drawn, onDraw }) {
  const cells = make("tr");
  cells.dataset["id"] = row.id;
  const draw = make("td");
  if (row.kind === "run" && row.step > 0) {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = drawn.has(row.id);
    box.setAttribute("aria-label", `Draw the curves of ${row.id}`);
    box.setAttribute("data-control", `draw ${row.id}`);
    box.addEventListener("change", () => onDraw(row.id, box.checked));
    draw.append(box);
  }
  cells.append(draw, drawName(row, drawn.get(row.id)));
  if (row.fault !== null) {
    const fault = make("td", "fault", row.fault);
    fault.setAttribute("colspan", String(COLUMNS.length - 1 + columns.length));
    const state = make("strong", "state broken", "broken");
    fault.prepend(state, ": ");
    cells.append(fault);
    return cells;
  }
  cells.append(
    make("td", undefined, row.kind === "study" ? "" : methodOf(row)),
    make("td", undefined, row.model),
    make("td", "when", row.started.slice(0, 16).replace("T", " ")),
    make("td", `state ${row.state}`, row.state),
    make("td", "number", stepsText(row)),
    ...columns.map(({ key }) => {
      const { now, change } = scoreOf(row, key);
      const cell = make("td", "number", now === undefined ? "–" : percent(now));
      // Without a colour: what chance explains is told by the report, which reads the items.
      if (change !== undefined) cell.append(make("small", undefined, points(change)));
      return cell;
    }),
  );
  return cells;
}

/**
 * @param {ViewRow} row
 * @param {HTMLElement | undefined} mark
 */
function drawName(row, mark) {
  const cell = make("th");
  cell.setAttribute("scope", "row");
  if (mark !== undefined) cell.append(mark.cloneNode(true));
  if (row.report) {
    const link = make("a", undefined, row.id);
    link.setAttribute("href", reportAddress(row.id));
    link.setAttribute("data-control", `report ${row.id}`);
    cell.append(link);
  } else cell.append(row.id);
  const about = row.kind === "study"
    ? `study of ${row.methods.join(", ")}`
    : row.kind === "results"
    ? `scores of ${row.name}`
    : row.overrides.join(" ");
  if (about !== "") {
    const small = make("small", undefined, about);
    small.title = about;
    cell.append(small);
  }
  return cell;
}

/**
 * How far a row has come.
 *
 * @param {Pick<ViewRow, "kind" | "step" | "steps">} row
 */
export function stepsText({ kind, step, steps }) {
  if (kind === "results") return "";
  const done = count(step);
  if (kind === "run" && step === steps) return done;
  return `${done} of ${count(steps)}${kind === "study" ? " runs" : ""}`;
}
