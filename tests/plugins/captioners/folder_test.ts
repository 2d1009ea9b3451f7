import { expect } from "expect";
import sharp from "sharp";
import type { Context } from "../../../core/context.ts";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { runProgram } from "../../../plugins/app/cli/run_program.ts";
import { processWorld, type World } from "../../../plugins/app/cli/world.ts";
import { captionFolder } from "../../../plugins/captioners/caption_folder.ts";
import type { Captioner } from "../../../plugins/captioners/captioner.ts";
import { captions } from "../../../plugins/captions/captions.ts";
import { runCommand } from "../../helpers/run_command.ts";
import { createSink } from "../../helpers/text_sink.ts";
import { writeTinyCaptioner } from "../../helpers/tiny_captioner.ts";
import { withFolder } from "../../helpers/with_folder.ts";

/** Writes a picture of one colour. */
async function paint(path: string, color: readonly [number, number, number]): Promise<void> {
  const [r, g, b] = color;
  const create = { width: 6, height: 4, channels: 3 as const, background: { r, g, b } };
  await sharp({ create }).toFile(path);
}

interface Place {
  readonly folder: string;
  readonly context: Context;
  readonly log: readonly string[];
}

/** A folder with four pictures, one of them broken, and a file that is none. */
async function withPictures(work: (place: Place) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/pictures/more`, { recursive: true });
    await paint(`${folder}/pictures/b, c.png`, [9, 0, 0]);
    await paint(`${folder}/pictures/a.jpg`, [200, 0, 0]);
    await paint(`${folder}/pictures/more/d.webp`, [30, 0, 0]);
    await Deno.writeTextFile(`${folder}/pictures/broken.jpg`, "not a picture");
    await Deno.writeTextFile(`${folder}/pictures/notes.txt`, "no picture at all");
    using images = createPicturePool({ workers: 0 });
    const log: string[] = [];
    const assets = createAssets({ cache: `${folder}/.cache`, offline: true });
    await work({ folder, context: { assets, images, log: (line) => log.push(line) }, log });
  });
}

/** Says how red a picture is, and notes how many it was given at a time. */
function redness(seen: number[] = []): Captioner {
  return {
    name: "redness",
    options: {},
    caption: (images) => {
      seen.push(images.length);
      return Promise.resolve(
        images.map(({ data }) => `"red",\n about ${Math.round(data[0]! / 10)}`),
      );
    },
    with: () => redness(seen),
  };
}

const rows = [
  'pictures/a.jpg,"""red"", about 20"',
  '"pictures/b, c.png","""red"", about 1"',
  'pictures/more/d.webp,"""red"", about 3"',
];

Deno.test("captionFolder: writes a table that captions reads, in the order of the paths", () =>
  withPictures(async ({ folder, context }) => {
    const table = `${folder}/captions.csv`;
    const pictures = `${folder}/pictures`;
    const report = await captionFolder({ folder: pictures, table, captioner: redness() }, context);
    expect(await Deno.readTextFile(table)).toBe(`${rows.join("\n")}\n`);
    expect(report).toMatchObject({ pictures: 4, kept: 0, written: 3, completed: true });
    expect(report.broken.map(({ where }) => where)).toEqual(["pictures/broken.jpg"]);
    expect(report.broken[0]!.reason).toContain("cannot be decoded");

    const data = await captions({ path: table }).open(context);
    expect(data.length).toBe(3);
    expect(data.record(1)).toEqual({ id: "pictures/b, c.png", captions: ['"red", about 1'] });
    // The picture is found without being told where it is.
    expect(await data.size(2)).toEqual({ width: 6, height: 4 });
  }));

Deno.test("captionFolder: goes on where it was stopped, and ends with the same table", () =>
  withPictures(async ({ folder, context }) => {
    const table = `${folder}/captions.csv`;
    const stop = new AbortController();
    const seen: number[] = [];
    const options = { folder: `${folder}/pictures`, table, captioner: redness(seen), batch: 1 };
    const first = await captionFolder({
      ...options,
      signal: stop.signal,
      onProgress: (done) => done === 2 && stop.abort(),
    }, context);
    expect(first).toMatchObject({ kept: 0, written: 2, completed: false });
    expect(await Deno.readTextFile(table)).toBe(`${rows[0]}\n${rows[1]}\n`);
    expect(seen).toEqual([1, 1]);

    const second = await captionFolder(options, context);
    expect(second).toMatchObject({ pictures: 4, kept: 2, written: 1, completed: true });
    expect(await Deno.readTextFile(table)).toBe(`${rows.join("\n")}\n`);
    // The broken picture was tried again: with it, one by one, the captioner got 0 and 1 pictures.
    expect(seen.slice(2)).toEqual([0, 1]);
  }));

Deno.test("captionFolder: a row that was cut off in the middle is written anew", () =>
  withPictures(async ({ folder, context, log }) => {
    const table = `${folder}/captions.csv`;
    const kept = "pictures/a.jpg,by hand\n";
    await Deno.writeTextFile(table, `${kept}"pictures/b, c.png","""re`);
    const options = { folder: `${folder}/pictures`, table, captioner: redness() };
    const report = await captionFolder(options, context);
    expect(report).toMatchObject({ kept: 1, written: 2 });
    expect(await Deno.readTextFile(table)).toBe(`${kept}${rows[1]}\n${rows[2]}\n`);
    expect(log).toEqual([
      `${table}: its last row was not whole and is written anew: "pictures/b, c.png","""re`,
    ]);
    // Nothing but a torn row, longer than what is read at a time: all of it is written anew.
    await Deno.writeTextFile(table, "x".repeat(200_000));
    await captionFolder(options, context);
    expect(await Deno.readTextFile(table)).toBe(`${rows.join("\n")}\n`);
  }));

Deno.test("captionFolder: separates by tabs for .tsv, and paths start from the table's folder", () =>
  withPictures(async ({ folder, context }) => {
    const table = `${folder}/tables/captions.tsv`;
    const options = { folder: `${folder}/pictures`, table, captioner: redness() };
    await captionFolder(options, context);
    const [first] = (await Deno.readTextFile(table)).split("\n");
    expect(first).toBe('../pictures/a.jpg\t"""red"", about 20"');
    expect(await captionFolder(options, context)).toMatchObject({ kept: 3, written: 0 });
  }));

Deno.test("captionFolder: no caption is no row, and names must not break rows", () =>
  withPictures(async ({ folder, context }) => {
    await paint(`${folder}/pictures/line\nbreak.png`, [0, 0, 0]);
    const silent: Captioner = {
      ...redness(),
      caption: (images) => Promise.resolve(images.map(() => " ")),
    };
    const table = `${folder}/captions.csv`;
    const options = { folder: `${folder}/pictures`, table, captioner: silent };
    const { written, broken } = await captionFolder(options, context);
    expect(written).toBe(0);
    expect(broken.map(({ reason }) => reason)).toEqual([
      "expected a caption, the model gave none",
      "expected a caption, the model gave none",
      expect.stringContaining("cannot be decoded"),
      "expected a name without line breaks",
      "expected a caption, the model gave none",
    ]);
    await expect(captionFolder({ ...options, batch: 0 }, context)).rejects.toThrow(RangeError);
  }));

Deno.test("caption-images: captions a folder from the command line, and skips what is there", () =>
  withFolder(async (folder) => {
    await writeTinyCaptioner(`${folder}/model`);
    await paint(`${folder}/sea.png`, [10, 20, 230]);
    await paint(`${folder}/sun.png`, [250, 90, 20]);
    await Deno.writeTextFile(`${folder}/zero.png`, "");
    const run = async () => {
      const stdout = createSink();
      const world: World = { ...processWorld(), stdout, stderr: createSink() };
      const table = `${folder}/captions.csv`;
      const args = ["caption-images", folder, table, "--model", `${folder}/model`];
      const code = await runProgram(args, undefined, world);
      return { code, out: stdout.text(), table: await Deno.readTextFile(table) };
    };
    const table = "sea.png,a blue picture\nsun.png,a red picture\n";
    expect(await run()).toEqual({
      code: 0,
      out: expect.stringMatching(
        /^3 pictures: 2 captioned, 0 already in .*, 1 broken\n {2}zero\.png: .*\n$/,
      ),
      table,
    });
    expect(await run()).toEqual({ code: 0, out: expect.stringContaining("0 captioned, 2"), table });
  }));

Deno.test("caption-images: parts that are merged are the table of one run, byte for byte", () =>
  withPictures(async ({ folder }) => {
    for (let i = 0; i < 5; i++) await paint(`${folder}/pictures/e${i}.png`, [0, 40 * i, 200]);
    await writeTinyCaptioner(`${folder}/model`);
    const call = (table: string, ...args: string[]) =>
      runCommand(
        ...["caption-images", `${folder}/pictures`, table, "--model", `${folder}/model`],
        ...["--batch", "2", ...args],
      );
    const whole = `${folder}/tables/whole.tsv`;
    expect((await call(whole)).code).toBe(0);
    const table = `${folder}/tables/parted.tsv`;
    // More parts than batches: one has nothing to do.
    for (const part of [2, 6, 1, 4, 3, 5, 5]) {
      expect((await call(table, "--shard", `${part}/6`)).code).toBe(0);
    }
    for (let time = 0; time < 2; time++) {
      const { code, out } = await runCommand("merge", table);
      expect({ code, out }).toEqual({ code: 0, out: `${table}: 8 rows from 6 parts\n` });
      expect(await Deno.readTextFile(table)).toBe(await Deno.readTextFile(whole));
    }
    await Deno.writeTextFile(table, "a.jpg\tby hand\n");
    expect((await runCommand("merge", table)).err).toContain("found others");
    expect(await Deno.readTextFile(table)).toBe("a.jpg\tby hand\n");
    // Another picture changes what each part is.
    await paint(`${folder}/pictures/f.png`, [0, 0, 0]);
    expect((await call(table, "--shard", "1/6")).err).toContain("pictures: was");
  }));
