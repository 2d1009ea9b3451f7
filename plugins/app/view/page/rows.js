// Which rows the table has, in which order, and under which columns.
import { readAddress } from "./address.js";

/**
 * @typedef {import("../view_row.ts").ViewRow} ViewRow
 * @typedef {import("../view_row.ts").ViewScore} ViewScore
 * @typedef {import("./address.js").Shown} Shown
 * @typedef {{ key: string, dataset: string, metric: string, part: boolean, rows: number }} ScoreColumn
 */

/** So many scores stand in the table where nobody chose. */
const COLUMNS = 4;

/** @param {ViewScore} score */
export function keyOf({ dataset, metric }) {
  return `${dataset} ${metric}`;
}

/**
 * All scores that there are, those first that most rows have; wholes before their parts.
 *
 * @param {readonly ViewRow[]} rows
 * @returns {ScoreColumn[]}
 */
export function scoreColumns(rows) {
  /** @type {Map<string, ScoreColumn>} */
  const found = new Map();
  for (const score of rows.flatMap(({ scores }) => scores)) {
    const key = keyOf(score);
    const known = found.get(key) ?? { key, rows: 0, ...score };
    found.set(key, { ...known, rows: known.rows + 1 });
  }
  return [...found.values()]
    .sort((a, b) => Number(a.part) - Number(b.part) || b.rows - a.rows);
}

/**
 * The columns that are shown.
 *
 * @param {readonly ScoreColumn[]} all
 * @param {readonly string[] | undefined} chosen
 */
export function shownColumns(all, chosen) {
  return chosen === undefined
    ? all.slice(0, COLUMNS)
    : chosen.flatMap((key) => all.find((column) => column.key === key) ?? []);
}

/** @param {ViewRow} row */
export function methodOf({ methods }) {
  return methods.join(" + ");
}

/**
 * The score of a row's last model, and by how much it is above the first one's.
 *
 * @param {ViewRow} row
 * @param {string} key
 */
export function scoreOf({ scores }, key) {
  const values = scores.find((score) => keyOf(score) === key)?.values ?? [];
  const now = values.findLast((value) => value !== null) ?? undefined;
  const [first] = values;
  const isCompared = now !== undefined && values.length > 1 && typeof first === "number";
  return { now, change: isCompared ? now - first : undefined };
}

/**
 * The rows that fit, in the order asked for.
 *
 * @param {readonly ViewRow[]} rows
 * @param {Shown} shown
 */
export function chooseRows(rows, { q, method, model, state, sort }) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => {
    const { id, name, overrides, fault } = row;
    const text = [id, name, methodOf(row), row.model, ...overrides, fault ?? ""]
      .join("\n").toLowerCase();
    return words.every((word) => text.includes(word)) &&
      (method === "" || methodOf(row) === method) && (model === "" || row.model === model) &&
      (state === "" || row.state === state);
  });
  const isDown = sort.startsWith("-");
  const key = isDown ? sort.slice(1) : sort;
  /** @param {ViewRow} row */
  const valueOf = (row) => {
    switch (key) {
      case "run":
        return row.id;
      case "method":
        return methodOf(row);
      case "model":
        return row.model;
      case "started":
        return row.started;
      case "state":
        return row.state;
      case "steps":
        return row.step;
      default:
        return scoreOf(row, key).now;
    }
  };
  const keyed = found.map((row) => ({ row, value: valueOf(row) }));
  return keyed.sort((a, b) => {
    // What has no value stands last, whichever way.
    const [x, y] = [a.value ?? "", b.value ?? ""];
    if (x === "" || y === "") return Number(x === "") - Number(y === "");
    const order = typeof x === "number" && typeof y === "number"
      ? x - y
      : String(x).localeCompare(String(y), "en", { numeric: true });
    return isDown ? -order : order;
  }).map(({ row }) => row);
}

/**
 * What a click on a column's head asks for: text from its beginning, numbers and dates from their
 * greatest; a second click the other way.
 *
 * @param {string} sort
 * @param {string} key
 */
export function sortBy(sort, key) {
  const first = ["run", "method", "model", "state"].includes(key) ? key : `-${key}`;
  if (sort !== first) return first;
  return first === key ? `-${key}` : key;
}

/**
 * The runs whose curves are drawn: those chosen, or the ones that are under way, or the newest.
 *
 * @param {readonly ViewRow[]} rows
 * @param {readonly string[] | undefined} chosen
 */
export function drawnRuns(rows, chosen) {
  const runs = rows.filter(({ kind, step }) => kind === "run" && step > 0);
  if (chosen !== undefined) {
    return chosen.flatMap((id) => runs.find((row) => row.id === id) ?? []);
  }
  const running = runs.filter(({ state }) => state === "running");
  const newest = chooseRows(runs, readAddress(""));
  return running.length > 0 ? running.slice(0, 8) : newest.slice(0, 2);
}
