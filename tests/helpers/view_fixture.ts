/**
 * A folder of runs as it comes to be: one of them real, the others broken in the ways in which
 * folders break.
 *
 * @module
 */
import { expect } from "expect";
import { join } from "node:path";
import { runCommand } from "./run_command.ts";

/** What the real run is given. */
export const SETTINGS: readonly string[] = [
  ...["steps=4", "batch=4", "evaluateEvery=2", "evaluators.0.items=4"],
  ...[1, 2, 3].map((place) => `evaluators.${place}.items=20`),
];

/** Runs clic-tiny for four steps, scored on the way. @returns the name of its folder. */
export async function runClicTiny(runs: string): Promise<string> {
  const rest = ["--device", "cpu", "--runs", runs];
  const { code } = await runCommand("recipe", "clic-tiny", ...SETTINGS, ...rest);
  expect(code).toBe(0);
  const [entry] = await Array.fromAsync(Deno.readDir(runs));
  return entry!.name;
}

/** Adds broken runs, a study that has begun, and an evaluation. */
export async function writeBroken(root: string, run: string): Promise<void> {
  const write = async (path: string, value: unknown) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    await Deno.mkdir(join(root, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(root, path), text);
  };
  const outside = await Deno.makeTempDir();
  await Deno.writeTextFile(join(outside, "secret.txt"), "secret");
  await Deno.symlink(outside, join(root, "away"));
  await Deno.symlink(join(root, run), join(root, "again"));
  await Deno.mkdir(join(root, "empty"));
  const manifest = JSON.parse(await Deno.readTextFile(join(root, run, "manifest.json")));
  await write("cut/manifest.json", JSON.stringify(manifest).slice(0, 99));
  await write("unnamed/manifest.json", { ...manifest, recipe: {} });
  await write("linked/manifest.json", manifest);
  await Deno.symlink(join(outside, "secret.txt"), join(root, "linked/metrics.jsonl"));
  await write("study/manifest.json", {
    source: { recipe: "quiz", overrides: [] },
    study: { name: "quiz", seeds: [0, 1], arms: [{ name: "clic", recipe: {} }] },
  });
  const started = "2026-01-02T03:04:05.678Z";
  await write("study/clic/seed-0/one/manifest.json", { ...manifest, started });
  await write("study/clic/seed-0/one/.lock", "");
  await write("scored/scores/provenance.json", {
    fingerprint: "abc",
    weights: "open_clip:ViT-B-32",
  });
  const common = { task: "image_caption_selection", items: 2 };
  await write("scored/scores/all.json", [
    {
      ...{ ...common, dataset: "quiz", headline: "macro_acc", parts: ["quiz/one"] },
      metrics: { macro_acc: 0.75 },
    },
    { ...common, dataset: "quiz/one", headline: "acc", metrics: { acc: 0.5 } },
  ]);
}
