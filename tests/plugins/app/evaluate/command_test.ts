import { expect } from "expect";
import type { Evaluation } from "../../../../core/evaluator.ts";
import { openResultFolder } from "../../../../plugins/app/evaluate/result_folder.ts";
import { runCommand as run, runCommandWith } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("evaluate: scores a model, keeps its embeddings, and compare reads what it wrote", () =>
  withFolder(async (folder) => {
    const args = [
      ...["evaluate", "tiny", "scenes_retrieval", "--limit", "10", "--device", "cpu"],
      ...["--cache", `${folder}/cache`, "--out", `${folder}/tiny`],
    ];
    const first = await run(...args);
    expect(first.code).toBe(0);
    expect(first.out).toContain("| scenes/retrieval | **image_retrieval_recall@5** |");
    expect(first.out).toContain(`results: ${folder}/tiny`);
    // Ten pictures and ten captions, all different.
    expect(first.err).toContain("scenes_retrieval: 20 embeddings computed, 0 taken from the cache");
    const again = await run(...args);
    expect(again.err).toContain("0 embeddings computed, 20 taken from the cache");
    expect(again.out).toBe(first.out);

    const compared = await run("compare", `${folder}/tiny`, "--format", "json", "--headline");
    expect(compared.code).toBe(0);
    expect(JSON.parse(compared.out)).toMatchObject([
      { dataset: "scenes/retrieval", metric: "image_retrieval_recall@5", model: "tiny", items: 10 },
    ]);
    const file = `${folder}/table.csv`;
    await run("compare", `${folder}/tiny`, "--format", "csv", "--out", file);
    expect(await Deno.readTextFile(file)).toContain("scenes/retrieval,zeroshot_retrieval");
  }));

Deno.test("evaluate: a benchmark that cannot be scored is told, the others are scored, exit code 1", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/sugar_crepe_pp_text`);
    await Deno.writeTextFile(`${folder}/sugar_crepe_pp_text/replace_attribute.json`, "[{");
    await Deno.writeTextFile(`${folder}/sugar_crepe_pp_text/replace_att.json`, "[{");
    const { code, out, err } = await run(
      ...["evaluate", "tiny", "sugar_crepe", "sugar_crepe_pp_text", "scenes_retrieval"],
      ...["--limit", "5", "--device", "cpu", "--no-cache", "--annotations", folder],
    );
    expect(code).toBe(1);
    expect(out).toContain("scenes/retrieval");
    expect(err).toMatch(/sugar_crepe cannot be scored: .*pictures/);
    // The benchmark's own folder of annotations, and the file in it.
    expect(err).toMatch(/sugar_crepe_pp_text cannot be scored: .*sugar_crepe_pp_text\/\w+\.json/);
    expect(err).not.toContain("    at ");
  }));

Deno.test("evaluate: the names of all missing pictures are written beside the results", () =>
  withFolder(async (folder) => {
    const rows = Array.from({ length: 210 }, (_, i) => [`a${i}.jpg`, "a", `b${i}.jpg`, "b"]);
    await Deno.mkdir(`${folder}/annotations`);
    await Deno.mkdir(`${folder}/images`);
    await Deno.writeTextFile(`${folder}/annotations/cola.json`, JSON.stringify(rows));
    const { code, err } = await run(
      ...["evaluate", "tiny", "cola", "--device", "cpu", "--no-cache", "--out", `${folder}/out`],
      ...["--images", `${folder}/images`, "--annotations", `${folder}/annotations`],
    );
    expect(code).toBe(1);
    expect(err).toContain("expected 420 pictures, found 420 missing: a0.jpg, b0.jpg, a1.jpg");
    expect(err).toContain("b9.jpg and 400 more (");
    const file = `${folder}/out/cola.missing.txt`;
    expect(err).toContain(`cola: all 420 missing pictures are named in ${file}`);
    expect((await Deno.readTextFile(file)).split("\n"))
      .toEqual([...rows.flatMap(([a, , b]) => [a, b]), ""]);
  }));

Deno.test("evaluate: unknown benchmarks and missing weights are one message", async () => {
  const unknown = await run("evaluate", "tiny", "sugercrepe");
  expect(unknown.code).toBe(1);
  expect(unknown.err).toContain('there is no benchmark "sugercrepe"; did you mean "sugar_crepe"?');
  const missing = await run("evaluate", "/nowhere/a.pt", "scenes_retrieval", "--device", "cpu");
  expect(missing.code).toBe(1);
  expect(missing.err).toContain("/nowhere/a.pt");
  expect((await run("compare", "/nowhere")).err).toContain("/nowhere: expected a result file");
});

Deno.test("evaluate: a result folder of another model is refused before anything is embedded", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/scores`);
    const other = { fingerprint: "of another", weights: "theirs.pt" };
    await Deno.writeTextFile(`${folder}/scores/provenance.json`, JSON.stringify(other));
    const { code, out, err } = await run(
      ...["evaluate", "tiny", "scenes_pairs", "scenes_retrieval", "--limit", "5"],
      ...["--device", "cpu", "--no-cache", "--out", folder],
    );
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toContain(
      `error: ${folder}: holds the scores of another model (theirs.pt); choose another folder`,
    );
    expect(err.match(/another model/g)).toHaveLength(1);
    expect(err).not.toMatch(/scenes_\w+ …|cannot be scored|embeddings/);
    expect(JSON.parse(await Deno.readTextFile(`${folder}/scores/provenance.json`))).toEqual(other);
  }));

Deno.test("openResultFolder: adds benchmarks of one model, and refuses another", () =>
  withFolder(async (folder) => {
    const label = { model: "m", pretrained: "p" };
    const of = (dataset: string, acc: number): Evaluation => ({
      dataset,
      task: "t",
      metrics: { acc },
      items: 1,
      headline: "acc",
    });
    const open = (fingerprint: string) =>
      openResultFolder(`${folder}/r`, { fingerprint, weights: "w" }, label);
    await (await open("1")).add([of("a", 0.1), of("b", 0.2)]);
    const again = await open("1");
    await again.add([of("a", 0.3)]);
    expect(again.evaluations.map(({ dataset, metrics }) => [dataset, metrics.acc]))
      .toEqual([["b", 0.2], ["a", 0.3]]);
    await expect(open("2")).rejects.toThrow("holds the scores of another model (w)");
  }));

Deno.test("evaluate: all-2026 scores what is at hand, and compare sums it up", () =>
  withFolder(async (folder) => {
    // SugarCrepe++'s texts of their authors, and BiVLC in the form of its authors: no more.
    const golden = new URL("../../../golden/benchmarks/", import.meta.url).pathname;
    await Deno.mkdir(`${folder}/notes/sugar_crepe_pp`, { recursive: true });
    for await (const { name } of Deno.readDir(`${golden}sugar_crepe_pp`)) {
      await Deno.copyFile(
        `${golden}sugar_crepe_pp/${name}`,
        `${folder}/notes/sugar_crepe_pp/${name}`,
      );
    }
    await Deno.copyFile(`${golden}bivlc.parquet`, `${folder}/notes/bivlc.parquet`);
    const offline = { SYNTAGMA_CACHE: `${folder}/cache`, SYNTAGMA_OFFLINE: "1" };
    const { code, out, err } = await runCommandWith(
      offline,
      ...["evaluate", "tiny", "all-2026", "--annotations", `${folder}/notes`, "--partial"],
      ...["--device", "cpu", "--no-cache", "--out", `${folder}/tiny`],
    );
    expect(code).toBe(0);
    expect(err).toMatch(/sugar_crepe is not at hand: .*expected the folder of its pictures/);
    expect(err).toMatch(/spec is not at hand: .*/);
    expect(err).not.toContain("cannot be scored");
    expect(out).toMatch(/\| bivlc \| \*\*acc\*\* \| 16\.67 \| .* \* \(4 of 2933\) \|/);
    expect(out).toMatch(/tiny: \w*GELU; F\d+ weights, computed in float32; pictures \d+ × /);

    const compared = await run("compare", `${folder}/tiny`, `${folder}/tiny`, "--summary");
    expect(compared.out).toContain("| SugarCrepe++, texts alone (TOT), without pictures |");
    expect(compared.out).toContain("| BiVLC, group | **acc** | 16.67 |");
    expect(compared.out).not.toContain("bivlc/add_att");
    expect(compared.out).toMatch(/\ntiny, tiny \(2\): QuickGELU; /);

    const none = await runCommandWith(
      offline,
      ...["evaluate", "tiny", "all-2026", "--device", "cpu", "--no-cache"],
    );
    expect(none.code).toBe(1);
  }));
