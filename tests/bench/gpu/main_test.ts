import { expect } from "expect";
import { join } from "node:path";
import { withFolder } from "../../helpers/with_folder.ts";
import { WITH_LOCK } from "../../helpers/with_lock.ts";

const script = new URL("../../../bench/gpu/main.ts", import.meta.url).pathname;

async function run(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", WITH_LOCK, "--no-check", script, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, err: err! };
}

Deno.test("bench:gpu: tells seconds, pairs and work of each objective, as a table and as JSON", async () => {
  await withFolder(async (folder) => {
    const json = join(folder, "gpu.json");
    const { code, out } = await run("--device", "cpu", "--tiny", "--json", json);
    expect(code).toBe(0);
    const { steps } = JSON.parse(await Deno.readTextFile(json));
    expect(steps.map((each: { objective: string }) => each.objective))
      .toEqual(["clic", "contrastive"]);
    for (const { batch, secondsPerStep, pairsPerSecond, teraflopsPerSecond, loss } of steps) {
      expect(batch).toBe(6);
      expect(pairsPerSecond).toBeCloseTo(batch / secondsPerStep, 6);
      expect(teraflopsPerSecond).toBeGreaterThan(0);
      expect(Number.isFinite(loss)).toBe(true);
    }
    expect(out).toMatch(/\| clic-tiny \| clic \| float32 \| 6 \|/);
  });
});

Deno.test("bench:gpu: what is not understood is told without a stack", async () => {
  const { code, err } = await run("--device", "tpu");
  expect(code).toBe(2);
  expect(err).toBe("error: --device: expected webgpu, cuda, cpu, wasm, found tpu\n");
  const other = await run("--device", "cpu", "--tiny", "--only", "clic");
  expect(other.code).toBe(2);
  expect(other.err).toMatch(/error: --only: expected clic-tiny, found clic\n$/);
});
