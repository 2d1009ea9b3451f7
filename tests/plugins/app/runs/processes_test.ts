/** Runs that several processes share, here as parts of one: who writes, what goes on with how many. */
import { expect } from "expect";
import { createAssets } from "../../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../../core/host/images/pool.ts";
import { aloneProcess, type Processes } from "../../../../core/processes/processes.ts";
import type { Recipe } from "../../../../core/recipe.ts";
import type { RunSummary } from "../../../../plugins/app/runs/run_options.ts";
import { runRecipe } from "../../../../plugins/app/runs/run.ts";
import { createProgress } from "../../../../plugins/app/terminal/progress.ts";
import tinyRun from "../../../fixtures/tiny_run.ts";
import { joinedExchanges } from "../../../helpers/joined_exchange.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

/**
 * Runs the recipe in so many processes; one of them is asked to stop after a step.
 *
 * @param resume The folder that goes on.
 */
async function runIn(
  runs: string,
  size: number,
  stop: { readonly after: number; readonly rank: number } | undefined,
  resume?: string,
  { recipe = tinyRun, wholeStates = false }: {
    readonly recipe?: Recipe;
    readonly wholeStates?: boolean;
  } = {},
): Promise<readonly RunSummary[]> {
  const [exchanges, beside] = [joinedExchanges(size), joinedExchanges(size)];
  const asks = new AbortController();
  return await Promise.all(exchanges.map(async (exchange, rank) => {
    const processes: Processes = size === 1
      ? aloneProcess
      : { ...aloneProcess, exchange, beside: beside[rank]!, threads: 1 };
    using images = createPicturePool({ workers: 0 });
    const assets = createAssets({ cache: runs, log: () => {} });
    return await runRecipe(recipe, {
      ...{ runs, processes, device: "cpu", wholeStates },
      context: { assets, images, log: () => {} },
      progress: createProgress(createSink(), { terminal: false, width: () => 80 }),
      hooks: [{
        name: "stop",
        onStep: ({ step }) => {
          // The first process alone has hooks.
          expect(rank).toBe(0);
          if (step === stop?.after) asks.abort();
        },
      }],
      ...(rank === stop?.rank ? { signal: asks.signal } : {}),
      ...(resume === undefined ? {} : { resume }),
    });
  }));
}

async function lossesIn(folder: string): Promise<readonly number[]> {
  const lines = (await Deno.readTextFile(`${folder}/metrics.jsonl`)).trim().split("\n");
  return lines.map((line) => (JSON.parse(line) as { readonly loss: number }).loss);
}

Deno.test("runRecipe: a run goes on with any number of processes, to the losses of one", async () => {
  await withFolder(async (runs) => {
    const [whole] = await runIn(`${runs}/one`, 1, undefined);
    const wanted = await lossesIn(whole!.folder);
    const [begun] = await runIn(`${runs}/parts`, 1, { after: 5, rank: 0 });
    const { folder } = begun!;
    expect([begun!.completed, begun!.steps]).toEqual([false, 5]);
    // Another process than the first one is asked to stop; all stop after the same step.
    const three = await runIn(runs, 3, { after: 13, rank: 2 }, folder);
    expect(three.map(({ completed, steps }) => [completed, steps])).toEqual([
      ...[[false, three[0]!.steps], [false, three[0]!.steps], [false, three[0]!.steps]],
    ]);
    expect(three[0]!.steps).toBeGreaterThanOrEqual(13);
    expect(three[0]!.steps).toBeLessThan(wanted.length);
    const two = await runIn(runs, 2, undefined, folder);
    expect(two.map(({ completed, folder }) => [completed, folder]))
      .toEqual([[true, folder], [true, folder]]);
    const found = await lossesIn(folder);
    expect(found.length).toBe(wanted.length);
    for (const [i, loss] of wanted.entries()) expect(Math.abs(found[i]! - loss)).toBeLessThan(1e-5);
    expect([...Deno.readDirSync(`${runs}/parts`)].length).toBe(1);
  });
});

Deno.test("runRecipe: parting the optimiser's states over processes changes no bit", async () => {
  // A norm of all gradients and averages of all parameters are part of it.
  const recipe = { ...tinyRun, steps: 4, clipNorm: 0.5, average: { decay: 0.9 } };
  await withFolder(async (runs) => {
    const checkpoints: Uint8Array[] = [];
    for (const wholeStates of [false, true]) {
      const three = await runIn(`${runs}/${wholeStates}`, 3, undefined, undefined, {
        ...{ recipe, wholeStates },
      });
      checkpoints.push(
        await Deno.readFile(`${three[0]!.folder}/checkpoints/step-00000004.safetensors`),
      );
    }
    expect(checkpoints[0]!.length).toBeGreaterThan(100_000);
    expect(checkpoints[0]).toEqual(checkpoints[1]);
  });
});

Deno.test("runRecipe: processes with different settings do not share a run", async () => {
  await withFolder(async (runs) => {
    const [exchanges, beside] = [joinedExchanges(2), joinedExchanges(2)];
    const settled = await Promise.allSettled(exchanges.map(async (exchange, rank) => {
      using images = createPicturePool({ workers: 0 });
      await runRecipe({ ...tinyRun, seed: tinyRun.seed + rank }, {
        ...{ runs, device: "cpu", hooks: [] },
        processes: { ...aloneProcess, exchange, beside: beside[rank]!, threads: 1 },
        context: { assets: createAssets({ cache: runs, log: () => {} }), images, log: () => {} },
        progress: createProgress(createSink(), { terminal: false, width: () => 80 }),
      });
    }));
    for (const each of settled) {
      expect((each as PromiseRejectedResult).reason.message).toBe(
        "process 1 has not what process 0 has, so they cannot share a run:\n" +
          "  recipe.seed: was 1, is 2",
      );
    }
  });
});
