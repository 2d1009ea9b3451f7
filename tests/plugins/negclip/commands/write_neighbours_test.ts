import { expect } from "expect";
import { createRandom } from "../../../../core/random.ts";
import { openContext } from "../../../../core/host/open_context.ts";
import { FACTS_FILE } from "../../../../plugins/app/embed/embed_all.ts";
import { type PartFormat, writePart } from "../../../../plugins/app/embed/embed_part.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import { captions } from "../../../../plugins/captions/captions.ts";
import { findNeighbours } from "../../../../plugins/negclip/find_neighbours.ts";
import { readPictureEmbeddings } from "../../../../plugins/app/embed/read_embeddings.ts";
import { claimNeighbours } from "../../../../plugins/negclip/commands/write_neighbours.ts";
import { countFiles, neighbourFile } from "../../../../plugins/negclip/neighbour_folder.ts";
import { runCommand } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const device = await openDevice("cpu");
Deno.test.afterAll(() => device.dispose());

const DIM = 4;
const COUNT = 23;

/** Small whole numbers, none of them zeros alone: exact products, and many ties. */
function drawRows(): Float32Array<ArrayBuffer> {
  const random = createRandom(7);
  return Float32Array.from(
    { length: COUNT * DIM },
    (_, i) => i % DIM === 0 ? 1 + random.integer(2) : random.integer(5) - 2,
  );
}

/** An embedding as `embed` leaves it: 24 pictures, 7 a file, of which the third is broken. */
async function writeEmbeddings(folder: string, format: PartFormat): Promise<readonly string[]> {
  await Deno.mkdir(folder);
  const rows = drawRows();
  const ids = Array.from({ length: COUNT + 1 }, (_, i) => `${i}.jpg`);
  const good = ids.toSpliced(2, 1);
  for (let place = 0, start = 0; start < COUNT; place++) {
    const count = Math.min(place === 0 ? 6 : 7, COUNT - start);
    await writePart(`${folder}/images-0000${place}.${format}`, format, {
      rows: rows.slice(start * DIM, (start + count) * DIM),
      facts: good.slice(start, start + count).map((id) => ({ id })),
      dim: DIM,
    });
    start += count;
  }
  await Deno.writeTextFile(
    `${folder}/images-00000.faults.jsonl`,
    '{"id":"2.jpg","reason":"no picture"}\n',
  );
  await Deno.writeTextFile(
    `${folder}/${FACTS_FILE}`,
    JSON.stringify({
      ...{ model: "m", weights: "w", source: "s", data: "d", dim: DIM, format, rowsAPart: 7 },
      towers: { image: "i", text: "t" },
    }),
  );
  return good;
}

/** The neighbours by the definition: all dot products, the largest first, then the earlier row. */
function nearestByDefinition(rows: Float32Array, row: number, count: number): readonly number[] {
  const dot = (other: number) =>
    Array.from({ length: DIM }, (_, k) => rows[row * DIM + k]! * rows[other * DIM + k]!)
      .reduce((sum, value) => sum + value);
  return Array.from({ length: COUNT }, (_, other) => other).filter((other) => other !== row)
    .sort((a, b) => dot(b) - dot(a) || a - b).slice(0, count);
}

function contentsOf(folder: string): Readonly<Record<string, string>> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return Object.fromEntries(
    names.map((name) => [name, Deno.readTextFileSync(`${folder}/${name}`)]),
  );
}

Deno.test("write-neighbours: the nearest by definition; merged parts are the whole, byte for byte; recipes read it", () =>
  withFolder(async (folder) => {
    const good = await writeEmbeddings(`${folder}/embedded`, "safetensors");
    const write = (out: string, ...more: string[]) =>
      runCommand(
        ...["write-neighbours", `${folder}/embedded`, out, "--device", "cpu"],
        ...["--rows", "5", ...more],
      );
    const whole = `${folder}/whole`;
    expect((await write(whole)).out).toBe(`${whole}: 5 files of neighbours written\n`);
    const rows = drawRows();
    const { "neighbours.json": facts, ...files } = contentsOf(whole);
    expect(JSON.parse(facts!)).toMatchObject({ pictures: COUNT, broken: ["2.jpg"], tower: "i" });
    const lines = Object.values(files).join("").trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    );
    expect(lines).toEqual(good.map((id, row) => ({
      id,
      neighbours: nearestByDefinition(rows, row, 3).map((other) => good[other]!),
    })));

    // A file that was lost is made again, and no other.
    await Deno.remove(`${whole}/neighbours-00003.jsonl`);
    expect((await write(whole)).out).toBe(`${whole}: 1 files of neighbours written\n`);
    expect(contentsOf(whole)).toEqual({ "neighbours.json": facts!, ...files });
    expect((await write(whole, "--neighbours", "2")).err)
      .toContain(`${whole}: holds other neighbours (neighbours: was 3, is 2)`);

    const out = `${folder}/parted`;
    for (const shard of ["2/3", "1/3", "1/3"]) {
      expect((await write(out, "--shard", shard)).code).toBe(0);
    }
    expect((await runCommand("status", out)).out).toContain(
      "3 parts of write-neighbours: 2 done, 0 running, 0 dead, 1 missing",
    );
    expect((await runCommand("merge", out)).err).toContain("found that 3 is missing");
    await write(out, "--shard", "3/3");
    for (let time = 0; time < 2; time++) {
      expect((await runCommand("merge", out)).out)
        .toBe(`${out}: neighbours of 23 pictures from 3 parts\n`);
    }
    expect(contentsOf(out)).toEqual(contentsOf(whole));
    // The embeddings' form changes nothing.
    await Deno.rename(`${folder}/embedded`, `${folder}/before`);
    await writeEmbeddings(`${folder}/embedded`, "parquet");
    await write(`${folder}/parquet`);
    expect(contentsOf(`${folder}/parquet`)).toEqual(contentsOf(whole));

    // A table of the same pictures, in another order and with two captions each.
    const table = [...good, "2.jpg"].toReversed().flatMap((id) => [`${id},a`, `${id},b ${id}`]);
    await Deno.writeTextFile(`${folder}/t.csv`, `image,caption\n${table.join("\n")}\n`);
    using context = openContext(() => {});
    const encode = () => Promise.reject(new Error("nothing is embedded"));
    const encoder = { dim: DIM, images: encode, texts: encode };
    const read = async (change: object = {}, neighbours = 2, rehearsal = false) => {
      const data = await captions({ path: `${folder}/t.csv`, examples: "captions", ...change })
        .open(context);
      const settings = { neighbours, from: `${out}/`, cache: null };
      return {
        data,
        neighboursOf: await findNeighbours(
          { ...context, data, device, encoder, rehearsal },
          settings,
        ),
      };
    };
    const { data, neighboursOf } = await read();
    const named = (index: number) => data.record(index).id.replace(/#.*/, "");
    for (let index = 0; index < data.length; index++) {
      const line = lines.find(({ id }) => id === named(index));
      // The picture that is broken has none; of a neighbour both examples are given.
      const wanted = line?.neighbours.slice(0, 2).map((id: string) => [id, id]) ?? [];
      expect(neighboursOf(index).map((examples) => examples.map(named))).toEqual(wanted);
    }
    // A dry run has generated pictures: each has another one.
    const dry = await read({}, 2, true);
    expect(dry.neighboursOf(0)).toEqual([[2, 3]]);
    await expect(read({}, 4)).rejects.toThrow("negclipRows.neighbours: expected at most 3");
    await expect(read({ limit: 20 })).rejects.toThrow("which it has not");
    await Deno.writeTextFile(`${folder}/t.csv`, `image,caption\n${table.join("\n")}\nnew.jpg,c\n`);
    await expect(read()).rejects.toThrow("expected neighbours of 25 pictures");
    await Deno.remove(`${out}/neighbours-00004.jsonl`);
    await expect(read()).rejects.toThrow("expected 5 files, found no neighbours-00004.jsonl");
  }));

Deno.test("write-neighbours: what is no whole embedding of pictures is refused by name", () =>
  withFolder(async (folder) => {
    const from = `${folder}/embedded`;
    const refusal = async (...more: string[]) =>
      (await runCommand("write-neighbours", from, `${folder}/out`, "--device", "cpu", ...more)).err;
    expect(await refusal()).toContain(`${from}: expected a folder that "embed" wrote`);
    await writeEmbeddings(from, "safetensors");
    expect(await refusal("--neighbours", "24"))
      .toContain("expected fewer than the pictures of s, found 24");
    await Deno.remove(`${from}/images-00000.faults.jsonl`);
    expect(await refusal()).toContain("images-00000.safetensors: expected 7 pictures");
    await Deno.remove(`${from}/images-00000.safetensors`);
    expect(await refusal()).toContain("expected all files of an embedding, found no images-00000");
  }));

Deno.test("claimNeighbours: a folder of other pictures is refused; countFiles, neighbourFile: what it holds", () =>
  withFolder(async (folder) => {
    const facts = {
      ...{ format: 1 as const, weights: "w", tower: "i", source: "s", data: "d" },
      ...{ pictures: 11, neighbours: 3, rowsAFile: 5, broken: [] },
    };
    await claimNeighbours(folder, facts);
    // Where the same weights and pictures lie does not matter.
    await claimNeighbours(folder, { ...facts, weights: "elsewhere", source: "elsewhere" });
    await expect(claimNeighbours(folder, { ...facts, data: "other" })).rejects
      .toThrow(`${folder}: holds other neighbours (data: was "d", is "other")`);
    expect([countFiles(facts), neighbourFile(2)]).toEqual([3, "neighbours-00002.jsonl"]);
  }));

Deno.test("readPictureEmbeddings: rows, names and what was broken, file after file", () =>
  withFolder(async (folder) => {
    const good = await writeEmbeddings(`${folder}/embedded`, "parquet");
    const { ids, files, broken } = await readPictureEmbeddings(`${folder}/embedded`);
    expect([ids, broken]).toEqual([good, ["2.jpg"]]);
    expect(files.flatMap((rows) => [...rows])).toEqual([...drawRows()]);
  }));
