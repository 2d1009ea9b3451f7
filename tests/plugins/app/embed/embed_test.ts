import { expect } from "expect";
import { parquetReadObjects } from "hyparquet";
import { openSafetensors } from "../../../../core/host/storage/safetensors.ts";
import { openContext } from "../../../../core/host/open_context.ts";
import { embedAll } from "../../../../plugins/app/embed/embed_all.ts";
import { partsOf } from "../../../../plugins/app/embed/embed_part.ts";
import { type EmbedKind, openEmbedSource } from "../../../../plugins/app/embed/embed_set.ts";
import { writeParquet } from "../../../../plugins/app/embed/write_parquet.ts";
import { runProgram } from "../../../../plugins/app/cli/run_program.ts";
import { joinedExchanges } from "../../../helpers/joined_exchange.ts";
import { launchedWorld } from "../../../helpers/launched_world.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { loadModel } from "../../../../plugins/app/models/load_model.ts";
import { runCommand as run } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const photos = new URL("../../../data/photos", import.meta.url).pathname;

async function rowsOf(path: string): Promise<Record<string, unknown>[]> {
  const { buffer } = await Deno.readFile(path);
  return await parquetReadObjects({ file: buffer });
}

Deno.test("embed: a table's pictures and captions as Parquet, the library's rows; what was stopped goes on", () =>
  withFolder(async (folder) => {
    const args = ["embed", "tiny", `${photos}/captions.csv`, "--device", "cpu", "--rows", "7"];
    const { code, out, err } = await run(...args, "--out", folder);
    expect(code === 0 ? "" : err).toBe("");
    expect(out).toBe(`18 rows written to ${folder}\n`);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
    const parts = ["images-00000.parquet", ...[0, 1, 2].map((i) => `texts-0000${i}.parquet`)];
    expect(names).toEqual(["embeddings.json", ...parts]);

    await using model = await loadModel("tiny", { device: "cpu", log: () => {} });
    const images = await rowsOf(`${folder}/images-00000.parquet`);
    const rows = await model.embedImages(images.map(({ id }) => `${photos}/${id}`));
    expect(images.map(({ embedding }) => embedding)).toEqual(rows.map((row) => [...row]));
    const texts = (await Promise.all(parts.slice(1).map((part) => rowsOf(`${folder}/${part}`))))
      .flat();
    // Three pictures, five captions each.
    expect(texts.map(({ id, caption }) => `${id} ${caption}`))
      .toEqual(images.flatMap(({ id }) => [0, 1, 2, 3, 4].map((place) => `${id} ${place}`)));
    const [wanted] = await model.embedTexts([texts[13]!.text as string]);
    (texts[13]!.embedding as number[]).forEach((value, i) =>
      expect(value).toBeCloseTo(wanted![i]!, 6)
    );

    const lost = `${folder}/${parts[2]}`;
    const before = await Deno.readFile(lost);
    await Deno.remove(lost);
    const again = await run(...args, "--out", folder);
    expect(again.out).toBe(`7 rows written to ${folder}\n`);
    expect(again.err).toContain("3 parts were there already");
    expect(await Deno.readFile(lost)).toEqual(before);

    const refused = [
      [["embed", "tiny", photos, "--device", "cpu", "--rows", "7"], "embeddings of other data"],
      [[...args, "--rows", "8"], "parts of 7 rows"],
      [[...args, "--format", "safetensors"], "parts as parquet"],
    ] as const;
    for (const [other, reason] of refused) {
      const { code, err } = await run(...other, "--out", folder);
      expect(code).toBe(1);
      expect(err).toContain(`${folder}: holds ${reason}`);
    }
  }));

Deno.test("embed: a folder's pictures as safetensors; a broken one is named and left out; lines of a text", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/in/deep`, { recursive: true });
    await Deno.copyFile(`${photos}/000000161044.jpg`, `${folder}/in/deep/b.jpg`);
    await Deno.writeTextFile(`${folder}/in/a.jpg`, "no picture");
    await Deno.writeTextFile(`${folder}/lines.txt`, "a red circle\n\na blue square\n");
    const args = ["--device", "cpu", "--format", "safetensors"];
    const first = await run("embed", "tiny", `${folder}/in`, "--out", `${folder}/images`, ...args);
    expect(first.code === 0 ? first.out : first.err).toBe(`1 rows written to ${folder}/images\n`);
    expect(first.err).toContain("1 pictures cannot be decoded");
    const faults = await Deno.readTextFile(`${folder}/images/images-00000.faults.jsonl`);
    expect(JSON.parse(faults)).toMatchObject({ id: "a.jpg" });
    const images = await openSafetensors(`${folder}/images/images-00000.safetensors`);
    expect(images.info("embedding").shape).toEqual([1, 128]);
    expect(JSON.parse(images.metadata.rows!)).toEqual([{ id: "deep/b.jpg" }]);

    await run("embed", "tiny", `${folder}/lines.txt`, "--out", `${folder}/texts`, ...args);
    const texts = await openSafetensors(`${folder}/texts/texts-00000.safetensors`);
    expect(JSON.parse(texts.metadata.rows!))
      .toEqual([{ id: "1", text: "a red circle" }, { id: "3", text: "a blue square" }]);
    await using model = await loadModel("tiny", { device: "cpu", log: () => {} });
    const rows = await model.embedTexts(["a red circle", "a blue square"]);
    expect([...await texts.readFloat32("embedding")]).toEqual(rows.flatMap((row) => [...row]));
  }));

Deno.test("partsOf: cuts sets at fixed rows, so that a part is the same whoever writes it", () => {
  const set = { kind: "texts", rows: 7, facts: (row: number) => ({ id: `${row}` }) } as const;
  expect(partsOf([set], 3).map(({ name, start, rows }) => [name, start, rows]))
    .toEqual([["texts-00000", 0, 3], ["texts-00001", 3, 3], ["texts-00002", 6, 1]]);
  expect(partsOf([{ ...set, rows: 0 }], 3)).toEqual([]);
});

Deno.test("embedAll: stops at a signal, and some of the parts are some of the files", () =>
  withFolder(async (folder) => {
    const set = {
      kind: "texts",
      rows: 4,
      facts: (row: number) => ({ id: `${row}`, text: "a" }),
    } as const;
    const encoder = {
      dim: 2,
      images: () => Promise.reject(new Error("no picture is asked for")),
      texts: (texts: readonly string[]) =>
        Promise.resolve(new Float32Array(2 * texts.length).fill(1)),
    };
    const facts = {
      ...{ model: "m", weights: "w", source: "s", data: "d", dim: 2, rowsAPart: 2 },
      ...{ towers: { image: "i", text: "t" }, format: "parquet" } as const,
    };
    const options = { out: folder, facts, encoder, log: () => {} };
    const [, second] = partsOf([set], 2);
    expect(await embedAll([second!], options)).toEqual({ rows: 2, kept: 0, broken: 0 });
    const controller = new AbortController();
    controller.abort(new Error("stopped"));
    await expect(embedAll(partsOf([set], 2), { ...options, signal: controller.signal }))
      .rejects.toThrow("stopped");
    expect(await embedAll(partsOf([set], 2), options)).toEqual({ rows: 2, kept: 1, broken: 0 });
    const other = { ...facts, towers: { image: "i", text: "other" } };
    await expect(embedAll([], { ...options, facts: other })).rejects
      .toThrow(`${folder}: holds embeddings by another model (w); choose another folder`);
  }));

Deno.test("writeParquet: strings of any kind come back, as do the bits of a float", () =>
  withFolder(async (folder) => {
    const facts = [{ id: 'é\n"', text: "" }, { id: "🐈", text: "b" }];
    const rows = Float32Array.of(0.1, -0, 1e-40, 3);
    await writeParquet(`${folder}/a.parquet`, { rows, facts, dim: 2 });
    const found = await rowsOf(`${folder}/a.parquet`);
    expect(found).toEqual([
      { ...facts[0], embedding: [rows[0], -0] },
      { ...facts[1], embedding: [rows[2], 3] },
    ]);
  }));

Deno.test("openEmbedSource: which rows there are, and what a text file has not", () =>
  withFolder(async (folder) => {
    using context = openContext(() => {});
    const options = { limit: 2, delimiter: "auto" } as const;
    const open = (path: string, of?: EmbedKind) => openEmbedSource(path, of, options, context);
    const kinds = async (path: string, of?: EmbedKind) =>
      (await open(path, of)).sets.map(({ kind, rows }) => `${kind} ${rows}`);
    // Two pictures, five captions each.
    expect(await kinds(`${photos}/captions.csv`)).toEqual(["images 2", "texts 10"]);
    expect(await kinds(`${photos}/captions.csv`, "texts")).toEqual(["texts 10"]);
    expect(await kinds(photos)).toEqual(["images 2"]);
    await Deno.writeTextFile(`${folder}/a.txt`, "one\ntwo\nthree\n");
    expect(await kinds(`${folder}/a.txt`)).toEqual(["texts 2"]);
    await expect(open(`${folder}/a.txt`, "images")).rejects.toThrow("expected texts to embed");
    await Deno.writeTextFile(`${folder}/a.txt`, "\n");
    await expect(open(`${folder}/a.txt`)).rejects.toThrow("expected lines of text, found none");
  }));

Deno.test("embed: parts that are merged are the folder of one run, byte for byte", () =>
  withFolder(async (folder) => {
    const embed = (out: string, ...more: string[]) =>
      run(
        ...["embed", "tiny", `${photos}/captions.csv`, "--device", "cpu", "--rows", "4"],
        ...["--out", out, ...more],
      );
    await embed(`${folder}/whole`);
    const out = `${folder}/parted`;
    for (const shard of ["2/3", "1/3", "3/3", "3/3"]) {
      expect((await embed(out, "--shard", shard)).code).toBe(0);
    }
    expect((await embed(out, "--shard", "1/3", "--format", "safetensors")).err)
      .toContain('format: was "parquet", is "safetensors"');
    for (let time = 0; time < 2; time++) {
      expect((await run("merge", out)).out).toBe(`${out}: 5 files from 3 parts\n`);
    }
    const names = [...Deno.readDirSync(`${folder}/whole`)].map(({ name }) => name).sort();
    expect([...Deno.readDirSync(out)].map(({ name }) => name).sort()).toEqual(names);
    for (const name of names) {
      const read = (where: string) => Deno.readTextFileSync(`${folder}/${where}/${name}`);
      expect(read("parted") === read("whole")).toBe(true);
    }
  }));

Deno.test("embed: processes of a launcher share the files, and leave the folder of one process", () =>
  withFolder(async (folder) => {
    const words = (out: string) => [
      ...["embed", "tiny", `${photos}/captions.csv`, "--device", "cpu"],
      ...["--rows", "2", "--out", out],
    ];
    const whole = await run(...words(`${folder}/whole`));
    const said = await Promise.all(
      joinedExchanges(3).map(async (exchange) => {
        const sink = createSink();
        const streams = { stdout: sink, stderr: createSink() };
        const world = launchedWorld({ exchange, onMachine: 3 }, streams);
        const code = await runProgram(words(`${folder}/shared`), undefined, world);
        return [code, sink.text().replaceAll("shared", "whole")];
      }),
    );
    // All know of all rows; of real processes the first one alone speaks.
    expect(said).toEqual(Array(3).fill([0, whole.out]));
    const names = [...Deno.readDirSync(`${folder}/whole`)].map(({ name }) => name).sort();
    expect([...Deno.readDirSync(`${folder}/shared`)].map(({ name }) => name).sort()).toEqual(names);
    for (const name of names) {
      const [one, three] = ["whole", "shared"].map((out) =>
        Deno.readFileSync(`${folder}/${out}/${name}`)
      );
      expect(three).toEqual(one);
    }
  }));
