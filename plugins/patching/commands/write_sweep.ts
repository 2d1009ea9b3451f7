import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import type { SweepPoint } from "./sweep.ts";
import { sweepCsv, sweepJson, sweepMarkdown } from "./sweep_tables.ts";
import { tradeOff, tradeOffPlot } from "./trade_off_plot.ts";

/**
 * Writes a sweep to a folder: `sweep.md` (headline metrics in percent), `sweep.csv` and `sweep.json`
 * (all metrics), `trade_off.json` (the numbers of the plot) and `trade_off.vl.json` (its Vega-Lite
 * specification).
 *
 * @throws {StorageError} if a file cannot be written.
 */
export async function writeSweep(folder: string, points: readonly SweepPoint[]): Promise<void> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const plotted = tradeOff(points);
  const files = {
    "sweep.md": `${sweepMarkdown(points)}\n`,
    "sweep.csv": sweepCsv(points),
    "sweep.json": json(sweepJson(points)),
    "trade_off.json": json(plotted),
    "trade_off.vl.json": json(tradeOffPlot(plotted)),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFileAtomically(`${folder}/${name}`, content);
  }
}
