import { listFolders } from "./list_folders.ts";
import { brokenRow, type ReadRow, readRow } from "./read_row.ts";
import type { ViewRow } from "./view_row.ts";

/** The rows of a folder as it stands. */
export interface RowSource {
  /**
   * Looks at the folder: the rows in the order of their paths. Of what has not changed the row is the
   * same object as before, and its files are not read again. Who asks while it looks gets what it
   * finds.
   *
   * @throws {RangeError} if the folder is gone.
   */
  rows(): Promise<readonly ViewRow[]>;
  /** The row of a folder as it was seen last; looks where it was not seen yet. */
  row(id: string): Promise<ViewRow | undefined>;
}

/** @param root The folder, as `Deno.realPath` gives it. */
export function rowSource(root: string): RowSource {
  let known = new Map<string, ReadRow>();
  let joined = new Map<
    string,
    { readonly row: ViewRow; readonly of: string; readonly to: ViewRow }
  >();
  let looking: Promise<readonly ViewRow[]> | undefined;

  async function look(): Promise<readonly ViewRow[]> {
    const next = new Map<string, ReadRow>();
    for (const { id, fault } of await listFolders(root)) {
      const before = known.get(id);
      if (fault === undefined) next.set(id, await readRow(root, id, before));
      else if (before?.stamp === fault) next.set(id, before);
      else next.set(id, { stamp: fault, row: brokenRow(id, fault) });
    }
    known = next;
    const rows = [...next.values()].map(({ row }) => row);
    const kept: typeof joined = new Map();
    for (const row of rows) {
      const facts = studyFacts(row, rows);
      const of = JSON.stringify(facts);
      const before = joined.get(row.id);
      const same = before !== undefined && before.row === row && before.of === of;
      kept.set(row.id, same ? before : { row, of, to: { ...row, ...facts } });
    }
    joined = kept;
    return [...kept.values()].map(({ to }) => to);
  }

  const rows = () =>
    looking ??= look().finally(() => {
      looking = undefined;
    });
  return {
    rows,
    row: async (id) => joined.get(id)?.to ?? (await rows()).find((row) => row.id === id),
  };
}

/** What a row has from others: a study how many of its runs are done. */
function studyFacts(row: ViewRow, rows: readonly ViewRow[]): Partial<ViewRow> {
  if (row.kind !== "study") return {};
  const runs = rows.filter(({ id, kind }) => kind === "run" && id.startsWith(`${row.id}/`));
  const done = runs.filter(({ state }) => state === "done").length;
  return {
    step: done,
    started: runs.map(({ started }) => started).filter(Boolean).toSorted()[0] ?? "",
    state: row.state === "running" || runs.some(({ state }) => state === "running")
      ? "running"
      : done === row.steps
      ? "done"
      : "stopped",
  };
}
