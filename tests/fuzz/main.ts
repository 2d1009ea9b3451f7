/**
 * Gives every reader spoiled files and tells what came of them:
 *
 *     deno run -A tests/fuzz/main.ts [--inputs 10000] [--seed 1] [--only PNG,CSV] [--input 17]
 *
 * The same seed gives the same inputs. What fails is told with its case and number, by which
 * `--only PNG --input 17` keeps that input in a file.
 */
import { parseArgs } from "node:util";
import { createRandom } from "../../core/random.ts";
import { cases } from "./cases.ts";
import { LARGEST, LONGEST } from "./limits.ts";
import { mutate } from "./mutate.ts";
import { isSound, watch, type WatchedInput } from "./watch.ts";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    input: { type: "string" },
  },
});
const seed = Number(values.seed);
const names = values.only?.split(",") ?? cases.map(({ name }) => name);
const chosen = cases.filter(({ name }) => names.includes(name));
if (values.input !== undefined) {
  const [one] = chosen;
  const bytes = mutate(
    await one!.valid(),
    one!,
    createRandom(seed, one!.name, Number(values.input)),
  );
  const path = `${await Deno.makeTempDir({ prefix: "fuzz-" })}/${one!.file.split("/").at(-1)}`;
  await Deno.writeFile(path, bytes);
  console.log(path);
  Deno.exit(0);
}

const module = new URL("./cases.ts", import.meta.url).href;
const each = Math.ceil(Number(values.inputs) / chosen.length);
const kinds = ["refused", "faults", "read", "unclear", "hang", "memory", "crash"] as const;
const results: WatchedInput[] = [];
const options = { module, seed, inputs: each, longest: LONGEST, largest: LARGEST };
for await (const result of watch({ ...options, names: chosen.map(({ name }) => name) })) {
  const { name, input, outcome } = result;
  results.push(result);
  if (isSound(result)) continue;
  console.error(`${name} ${input} ${outcome.kind}: ${"message" in outcome ? outcome.message : ""}`);
}
console.log(["reader", ...kinds, "longest ms", "peak MiB"].join("\t"));
for (const { name } of chosen) console.log(row(name, results.filter((each) => each.name === name)));
console.log(row("all", results));
const failures = results.filter((each) => !isSound(each)).length;
console.log(`seed ${seed}: ${results.length} inputs, ${failures} failures`);
if (failures > 0) Deno.exit(1);

function row(name: string, some: readonly WatchedInput[]): string {
  const counts = kinds.map((kind) => some.filter(({ outcome }) => outcome.kind === kind).length);
  const longest = Math.round(Math.max(...some.map(({ milliseconds }) => milliseconds)));
  const peak = Math.max(...some.map(({ peak }) => peak ?? 0)) / 2 ** 20;
  return [name, ...counts, longest, Math.round(peak)].join("\t");
}
