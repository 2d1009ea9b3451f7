import { assetsFromEnvironment } from "../../../core/host/assets/environment.ts";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import type { Literature } from "../../../core/literature.ts";
import type { PluginSet } from "../../../core/join_plugins.ts";
import { keyFacts } from "./facts.ts";
import { tally } from "./findings.ts";
import { html } from "./html.ts";
import { chooseItems, picturesByNeed } from "./items.ts";
import { page, pageStyle } from "./page.ts";
import { findThumbnails, pictureFolders } from "./thumbnails.ts";
import { readRun } from "./read_run.ts";
import { compareModels } from "../results/compare.ts";
import { namesIn } from "./names_in.ts";
import { scoreRows, tellsOfForgetting } from "./score_rows.ts";
import {
  compositionSection,
  forgettingSection,
  itemsSection,
  metricsSection,
  passingOnSection,
  patchingSection,
  publishedSection,
  settingsSection,
  stageNames,
  trainingSection,
} from "./sections.ts";

/** What a report shows, and how large it may become. */
export interface ReportOptions {
  /** The file to write. Default: `report.html` in the run folder. */
  readonly out?: string;
  /** The folder of a patching sweep. Default: `sweep` in the run folder, if it is there. */
  readonly sweep?: string;
  /**
   * Folders in which the items' pictures are looked for, before those that the run's evaluators
   * were given.
   */
  readonly images?: readonly string[];
  /** The most items to embed, about 700 bytes each. Default 1000. */
  readonly items?: number;
  /** The most pictures to embed, about 8 kB each; 0 embeds none. Default 200. */
  readonly pictures?: number;
  /** Finds pictures that are not in files of their own. Default: none are. */
  readonly picture?: PluginSet["picture"];
  /** Loads what was written about methods and data sets. Default: nothing was. */
  readonly literature?: () => Promise<Literature>;
  /** The longer side of a picture in pixels, at least 1. Default 192. */
  readonly pictureSize?: number;
}

/**
 * Writes the report of a run: one HTML file that needs no other, made from what the run folder
 * holds, whether the run has ended or not.
 *
 * @returns the path of the file.
 * @throws {RangeError} if the folder is missing or holds no `manifest.json`, if the folder of a sweep
 *   is given and holds none, or if an option is no whole number in its range.
 * @throws {SyntaxError} if a file of the run does not hold what it should.
 * @throws {StorageError} if the report cannot be written.
 */
export async function writeReport(
  runFolder: string,
  options: ReportOptions = {},
): Promise<string> {
  const { items = 1000, pictures = 200, pictureSize = 192 } = options;
  checkCount("items", items, 0);
  checkCount("pictures", pictures, 0);
  checkCount("pictureSize", pictureSize, 1);
  const { out = `${runFolder}/report.html`, sweep = `${runFolder}/sweep` } = options;

  const run = await readRun(runFolder, sweep);
  if (options.sweep !== undefined && run.sweep.length === 0) {
    throw new RangeError(`${sweep}: expected the folder of a sweep, found no points of one in it`);
  }
  const recipe = run.manifest.recipe;
  const choice = chooseItems(run.stages, items);
  const thumbnails = await findThumbnails(picturesByNeed(choice), {
    folders: [...options.images ?? [], ...pictureFolders(recipe)],
    most: pictures,
    size: pictureSize,
    // Whoever waits for a report waits for no server that does not answer.
    assets: assetsFromEnvironment({ retryDelays: [] }),
    picture: options.picture ?? (() => Promise.resolve(undefined)),
  });

  const stages = stageNames(run);
  const literature = await options.literature?.() ?? {};
  const css = await pageStyle();
  const compared = compareModels(run.stages);
  const rows = scoreRows(run.stages, compared);
  const headlines = rows.filter(({ headline }) => headline !== false);
  const remembered = headlines.filter(tellsOfForgetting);
  const composition = headlines.filter((row) => !tellsOfForgetting(row));
  const findings = [
    tally("composition", composition),
    tally("what the model knew before", remembered),
  ].filter((finding) => finding !== undefined);
  const sections = [
    compositionSection(composition, run, literature),
    forgettingSection(remembered, run, literature),
    publishedSection(rows, run, literature),
    metricsSection(rows, stages),
    patchingSection(run, css),
    trainingSection(run, css),
    itemsSection(choice, stages, thumbnails),
    passingOnSection(rows, run, literature, {
      compared,
      folder: runFolder,
      modelFiles: await namesIn(`${runFolder}/model`),
    }),
    settingsSection(run),
  ].filter((section) => section !== undefined);

  const { name, description } = typeof recipe === "object" && recipe !== null && "name" in recipe
    ? recipe
    : { name: undefined, description: undefined };
  await writeFileAtomically(
    out,
    await page({
      title: typeof name === "string" ? name : runFolder,
      description: typeof description === "string" ? description : "",
      head: html`${
        findings.length > 0 &&
        html`<ul class="findings">${findings.map((finding) => html`<li>${finding}</li>`)}</ul>`
      }${keyFacts(run)}`,
      sections,
      css,
    }),
  );
  return out;
}

function checkCount(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RangeError(`${name}: expected a whole number of at least ${least}, found ${value}`);
}
