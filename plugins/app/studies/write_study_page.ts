import { relative } from "node:path";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { type Html, html } from "../report/html.ts";
import { page, pageStyle } from "../report/page.ts";
import { studyTable } from "../results/study_table.ts";
import {
  readStudy,
  type StudyRecord,
  type StudyRun,
  studyRuns,
  studyScores,
} from "./read_study.ts";

/**
 * Writes what a study came to: `table.md`, and `report.html` with the same table, the arms' settings
 * that differ, and a link to the report of each run.
 *
 * @returns the table, in Markdown.
 */
export async function writeStudyPage(folder: string): Promise<string> {
  const study = await readStudy(folder);
  const runs = await studyRuns(folder, study);
  const table = studyTable(await studyScores(runs));
  await writeFileAtomically(`${folder}/table.md`, `${table}\n`);
  const done = runs.filter(({ completed }) => completed).length;
  await writeFileAtomically(
    `${folder}/report.html`,
    await page({
      kicker: "Report of a study",
      title: study.name,
      description: `${study.arms.length} arms with ${study.seeds.length} seeds each, ` +
        `${done} of ${runs.length} runs done`,
      head: html``,
      css: await pageStyle(),
      sections: [
        { id: "scores", title: "What each arm gains", body: scoreMarkup(table) },
        { id: "settings", title: "What differs", body: differenceMarkup(study) },
        { id: "runs", title: "Runs", body: runsMarkup(folder, runs) },
      ],
    }),
  );
  return table;
}

/** The Markdown table as one of HTML: what a person reads is the same in both. */
function scoreMarkup(table: string): Html {
  const [head, , ...rows] = table.split("\n")
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  return html`<p>Scores before training in per cent, and what each arm gains in percentage points:
mean over seeds ± sample standard deviation.</p>${tableMarkup(head!, rows, 2)}`;
}

/** @param texts Columns that hold texts; the others hold numbers. */
function tableMarkup(
  head: readonly string[],
  rows: readonly (readonly (string | Html)[])[],
  texts: number,
): Html {
  const kind = (column: number) => column < texts ? "" : "number";
  return html`
    <div class="scroll" tabindex="0">
      <table class="scores">
        <thead>
          <tr>${head.map((cell, i) => html`<th scope="col" class="${kind(i)}">${cell}</th>`)}</tr>
        </thead>
        <tbody>${rows.map((row) =>
          html`<tr>${row.map((cell, i) => html`<td class="${kind(i)}">${cell}</td>`)}</tr>`
        )}</tbody>
      </table>
    </div>
  `;
}

/** The settings that are not the same in all arms, by path. */
function differenceMarkup({ arms }: StudyRecord): Html {
  const settings = arms.map(({ recipe }) => new Map(leavesOf(recipe, "")));
  const paths = [...new Set(settings.flatMap((each) => [...each.keys()]))]
    .filter((path) => path !== "name" && path !== "description")
    .filter((path) => new Set(settings.map((each) => each.get(path))).size > 1);
  if (paths.length === 0) return html`<p>Nothing: there is one arm.</p>`;
  const rows = paths.map((path) => [path, ...settings.map((each) => each.get(path) ?? "–")]);
  return tableMarkup(["setting", ...arms.map(({ name }) => name)], rows, 1);
}

/** The values of a description that hold no others, as JSON. */
function leavesOf(value: unknown, path: string): [path: string, value: string][] {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) {
    return [[path, JSON.stringify(value)]];
  }
  return Object.entries(value)
    .flatMap(([key, inside]) => leavesOf(inside, path === "" ? key : `${path}.${key}`));
}

function runsMarkup(folder: string, runs: readonly StudyRun[]): Html {
  const rows = runs.map(({ arm, seed, folder: run, completed }) => [
    arm,
    String(seed),
    run === undefined
      ? "not begun"
      : completed
      ? html`<a href="${linkTo(folder, `${run}/report.html`)}">report</a>`
      : "begun",
  ]);
  return tableMarkup(["arm", "seed", "run"], rows, 3);
}

function linkTo(folder: string, path: string): string {
  return relative(folder, path).split(/[/\\]/).map(encodeURIComponent).join("/");
}
