import { expect } from "expect";
import { parseAddress } from "../../../../core/host/assets/address.ts";
import { summarizeItems } from "../../../../core/scoring/summarize.ts";
import { clipParameters } from "../../../../plugins/clip/parameters.ts";
import type { ClipConfig } from "../../../../plugins/clip/config.ts";
import { huggingFaceConfig } from "../../../../plugins/clip/format_config.ts";
import { initialValues } from "../../../../plugins/clip/initial_values.ts";
import { huggingFaceNames, openClipNames } from "../../../../plugins/clip/names.ts";
import { writeSafetensors } from "../../../../core/host/storage/safetensors_writer.ts";
import { readCheckpoints } from "../../../../plugins/app/leaderboard/checkpoint_list.ts";
import { readState, writeState } from "../../../../plugins/app/leaderboard/checkpoint_state.ts";
import { scoreCheckpoint } from "../../../../plugins/app/leaderboard/score_checkpoint.ts";
import type { Device } from "../../../../core/device/device.ts";
import type { Progress } from "../../../../plugins/app/terminal/progress.ts";
import { formatLeaderboard } from "../../../../plugins/app/leaderboard/format_leaderboard.ts";
import { runCommandWith } from "../../../helpers/run_command.ts";
import { floats, type TensorView, torchArchive } from "../../../helpers/torch_writer.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const golden = new URL("../../../golden/benchmarks/", import.meta.url).pathname;

/** An architecture that computes in no time, with CLIP's vocabulary. */
const config: ClipConfig = {
  dim: 8,
  activation: "quick_gelu",
  epsilon: 1e-5,
  image: { size: 32, patch: 16, width: 16, layers: 1, heads: 2, hidden: 32 },
  text: { context: 16, vocabulary: 49408, width: 8, layers: 1, heads: 2, hidden: 32 },
};

/** The same with published widths, whose heads are known without a configuration. */
const published: ClipConfig = {
  ...config,
  image: { ...config.image, width: 384, heads: 6 },
  text: { ...config.text, width: 256, heads: 4 },
};

/** Files of a hub and of a drive, in the layouts in which checkpoints are released. */
async function writeReleased(folder: string): Promise<void> {
  // OpenAI's, as transformers writes it.
  await Deno.mkdir(`${folder}/openai`, { recursive: true });
  const theirs = initialValues(config, clipParameters(config, huggingFaceNames), 1);
  await writeSafetensors(`${folder}/openai/model.safetensors`, tensorsOf(theirs), {});
  const json = JSON.stringify(huggingFaceConfig(config, "float32"));
  await Deno.writeTextFile(`${folder}/openai/config.json`, json);
  // CLIC's, as open_clip does; once with each activation.
  const open = initialValues(config, clipParameters(config, openClipNames), 2);
  for (const quick_gelu of [true, false]) {
    const place = `${folder}/${quick_gelu ? "clic" : "gelu"}`;
    await Deno.mkdir(place);
    await writeSafetensors(`${place}/open_clip_model.safetensors`, tensorsOf(open), {});
    const { image, text, dim } = config;
    const vision_cfg = {
      image_size: image.size,
      patch_size: image.patch,
      width: image.width,
      layers: image.layers,
      head_width: image.width / image.heads,
      mlp_ratio: image.hidden / image.width,
    };
    const text_cfg = {
      context_length: text.context,
      vocab_size: text.vocabulary,
      width: text.width,
      layers: text.layers,
      heads: text.heads,
    };
    const model_cfg = { embed_dim: dim, quick_gelu, vision_cfg, text_cfg };
    await Deno.writeTextFile(`${place}/open_clip_config.json`, JSON.stringify({ model_cfg }));
  }
  // NegCLIP's, a checkpoint of several processes' training, by a drive that tells no name.
  const few = { ...published, text: { ...published.text, vocabulary: 200 } };
  const trained = initialValues(few, clipParameters(few, openClipNames), 3);
  const tensors = [...trained].map(([name, { shape, data }]): [string, TensorView] => {
    const tensor = floats(shape, data);
    // Each token's row begins one value after that of the one before: as many rows in a small file.
    const rows = { shape: [published.text.vocabulary, shape[1]!], strides: [1, 1] };
    return [`module.${name}`, name === openClipNames.text.token ? { ...tensor, ...rows } : tensor];
  });
  await Deno.writeFile(`${folder}/drive`, torchArchive(Object.fromEntries(tensors)));
}

function tensorsOf(values: ReturnType<typeof initialValues>) {
  return [...values].map(([name, { shape, data }]) => ({
    name,
    shape,
    dtype: "F32" as const,
    data: new Float32Array(data),
  }));
}

Deno.test("leaderboard: scores what can be had, resumes, and stands beside what others told", () =>
  withFolder(async (folder) => {
    const released = `${folder}/released`;
    await writeReleased(released);
    const asked: string[] = [];
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (request) => {
        const url = new URL(request.url);
        asked.push(url.pathname);
        const path = url.pathname.replace(/^\/\w+\/(\w+)\/resolve\/main\//, "/$1/");
        const file = path === "/download" && url.searchParams.get("id") === "1ooV"
          ? "/drive"
          : path;
        const bytes = await Deno.readFile(`${released}${file}`).catch(() => undefined);
        return bytes === undefined ? new Response("gone", { status: 404 }) : new Response(bytes);
      },
    );
    try {
      const origin = `http://127.0.0.1:${server.addr.port}`;
      const entry = { activation: "quick_gelu", licence: "MIT", paper: "https://example.org" };
      const told = { dataset: "bivlc", metric: "acc", score: 0.75, source: "its paper" };
      const list = [
        { id: "base", name: "CLIP", address: "hf:o/openai", ...entry, published: [told] },
        {
          id: "neg",
          name: "NegCLIP",
          address: `${origin}/download?id=1ooV&export=download#negclip.pth`,
          ...entry,
          published: [{ ...told, note: "evaluated with GELU" }],
        },
        { id: "clic", name: "CLIC", address: "hf:o/clic", ...entry, published: [] },
        { id: "gelu", name: "Other", address: "hf:o/gelu", ...entry, published: [told] },
        { id: "gone", name: "Gone", address: "hf:o/gone/a.pt", ...entry, published: [] },
        {
          id: "changed",
          name: "Changed",
          address: "hf:o/openai/model.safetensors",
          sha256: "0".repeat(64),
          ...entry,
          published: [],
        },
      ];
      await Deno.writeTextFile(`${folder}/list.json`, JSON.stringify(list));
      await Deno.mkdir(`${folder}/notes`);
      await Deno.copyFile(`${golden}bivlc.parquet`, `${folder}/notes/bivlc.parquet`);
      await Deno.copyFile(`${golden}vismin.parquet`, `${folder}/notes/vismin.parquet`);
      const run = (...benchmarks: string[]) =>
        runCommandWith(
          { HF_ENDPOINT: origin, SYNTAGMA_CACHE: `${folder}/cache`, HOME: folder },
          ...["leaderboard", ...benchmarks, "--list", `${folder}/list.json`, "--device", "cpu"],
          ...["--annotations", `${folder}/notes`, "--partial", "--no-cache"],
          ...["--out", `${folder}/board`],
        );
      const first = await run("bivlc");
      expect(first.err).not.toContain("    at ");
      expect(first.code).toBe(0);
      // The first one is what others are compared with.
      expect(first.out).toMatch(
        /\| dataset \| metric \| chance \| CLIP \| NegCLIP \| difference \| p \| CLIC \|/,
      );
      expect(first.out).toMatch(/\| BiVLC, group \| \*\*acc\*\* \| 16\.67 \| \d+\.00 \[/);
      expect(first.out).toMatch(
        /\| NegCLIP \| bivlc \| acc \| 75\.00 \(its paper\) \| .* \| evaluated with GELU \|/,
      );
      expect(first.out).toContain("| CLIP | hf:o/openai | – | MIT | QuickGELU; F32 weights,");
      expect(first.out).toContain("- Other: expected QuickGELU, as the list says, found GELU;");
      expect(first.out).toMatch(/- Gone: Cannot get a\.pt: tried .* \(no such file\)/);
      expect(first.out).toMatch(/- Changed: .*000000/);
      // Every item is a row of the checkpoint's own results.
      const rows = JSON.parse(await Deno.readTextFile(`${folder}/board/neg/scores/all.json`));
      expect(rows[0].itemScores).toHaveLength(2);
      const records = JSON.parse(await Deno.readTextFile(`${folder}/board/published.json`));
      expect(records.map(({ id, found }: { id: string; found: unknown }) => [id, typeof found]))
        .toEqual([["base", "number"], ["neg", "number"], ["gelu", "object"]]);

      // With another benchmark only that is scored, and from files that are there.
      asked.length = 0;
      const second = await run("bivlc", "vismin");
      expect(second.err).not.toContain("bivlc …");
      expect(second.err.match(/vismin …/g)).toHaveLength(3);
      expect(
        asked.filter((path) =>
          /download|openai\/.*\/model\.|clic\/.*\/open_clip_model\./.test(path)
        ),
      ).toEqual([]);
      // And then nothing.
      const third = await run("bivlc", "vismin");
      expect(third.err).toContain("base: all is scored already");
      expect(third.err).not.toContain("vismin …");
      expect(third.out.replaceAll(folder, "")).toBe(second.out.replaceAll(folder, ""));
    } finally {
      await server.shutdown();
    }
  }));

Deno.test("readCheckpoints: the list that comes along holds those of the field", async () => {
  const all = await readCheckpoints(undefined);
  const names = all.map(({ name }) => name).join("\n");
  for (const each of ["CLIP ViT-B/32", "NegCLIP", "CE-CLIP", "CLoVe", "READ-CLIP", "DeGLA"]) {
    expect(names).toContain(each);
  }
  for (const each of ["CS-CLIP", "TripletCLIP", "TROHN-Text", "TROHN-Img"]) {
    expect(names).toContain(each);
  }
  expect(all.filter(({ name }) => name.startsWith("CLIC "))).toHaveLength(9);
  expect(all.filter(({ name }) => name.startsWith("FSC-CLIP "))).toHaveLength(12);
  // An address is that of a file of weights, or of a repository.
  for (const { address } of all) {
    const isFile = /\.(pt|pth)$/.test(address);
    expect(() => parseAddress(isFile ? address : `${address}/config.json`)).not.toThrow();
  }
  // The base that others are compared with is the first.
  expect(all[0]!.id).toBe("clip-vit-b-32");
});

Deno.test("readCheckpoints: a list of one's own is checked", () =>
  withFolder(async (folder) => {
    const path = `${folder}/list.json`;
    const one = {
      id: "a",
      name: "A",
      address: "hf:a/b",
      activation: null,
      licence: "MIT",
      paper: "none",
      published: [{ dataset: "d", metric: "acc", score: 50, source: "its paper" }],
    };
    await Deno.writeTextFile(path, JSON.stringify([one]));
    await expect(readCheckpoints(path)).rejects.toThrow(/list of checkpoints: .*published/);
    await Deno.writeTextFile(path, JSON.stringify([1, 2].map(() => ({ ...one, published: [] }))));
    await expect(readCheckpoints(path)).rejects.toThrow("expected another id than before");
  }));

Deno.test("scoreCheckpoint: what is scored already needs no weights", () =>
  withFolder(async (folder) => {
    const [checkpoint] = await readCheckpoints(undefined);
    const { address, activation } = checkpoint!;
    const choices = { limit: 3 };
    const made = JSON.stringify({ address, sha256: null, activation, device: "cpu", choices });
    const state = { made, done: { bivlc: ["bivlc"] }, settings: "QuickGELU" };
    await writeState(`${folder}/state.json`, state);
    const lines: string[] = [];
    const unused = undefined as never;
    const scored = await scoreCheckpoint(checkpoint!, {
      ...{ choices, folder, plugins: unused, context: unused, chunk: 1 },
      benchmarks: [{ name: "bivlc", create: () => Promise.reject(new Error("not to be made")) }],
      device: { kind: "cpu" } as Device,
      progress: { line: (line: string) => lines.push(line) } as unknown as Progress,
    });
    expect(scored).toEqual({ checkpoint, state, failed: [] });
    expect(lines).toEqual(["clip-vit-b-32: all is scored already"]);
  }));

Deno.test("readState: begins anew with other weights or options", () =>
  withFolder(async (folder) => {
    const path = `${folder}/state.json`;
    expect(await readState(path, "a")).toEqual({ made: "a", done: {} });
    await writeState(path, { made: "a", done: { bivlc: ["bivlc"] } });
    expect(await readState(path, "a")).toEqual({ made: "a", done: { bivlc: ["bivlc"] } });
    expect(await readState(path, "b")).toEqual({ made: "b", done: {} });
    await Deno.writeTextFile(path, '{"made":"a","done":["bivlc"]}');
    await expect(readState(path, "a")).rejects.toThrow(`${path}: not a checkpoint's state`);
  }));

Deno.test("formatLeaderboard: tells where what was told lies outside of what was found", () => {
  const items = Array.from({ length: 100 }, (_, i) => ({
    id: `${i}`,
    scores: [],
    correct: { acc: i < 60 },
  }));
  const evaluation = summarizeItems({ dataset: "d", task: "t", headline: "acc" }, items);
  const told = (score: number, note?: string) => ({
    ...{ dataset: "d", metric: "acc", score, source: "its paper" },
    ...(note === undefined ? {} : { note }),
  });
  const { markdown, published } = formatLeaderboard([{
    checkpoint: {
      ...{ id: "a", name: "A", address: "a.pt", activation: null, licence: "MIT", paper: "none" },
      // 60 of 100: the interval is about 50 to 70.
      published: [told(0.62), told(0.8, "another number of items"), { ...told(0.1), dataset: "e" }],
    },
    state: { made: "", done: { d: ["d"] }, settings: "GELU" },
    failed: [],
    evaluations: [evaluation],
  }]);
  const lines = markdown.split("\n").filter((line) => line.startsWith("| A | d"));
  expect(lines[0]).toMatch(
    /\| 62\.00 \(its paper\) \| 60\.00 \[\d+\.00, \d+\.00\] \| -2\.00 \| {2}\|$/,
  );
  expect(lines[1]).toMatch(
    /\| 80\.00 \(its paper\) \| .* \| -20\.00 ! \| another number of items \|$/,
  );
  expect(lines).toHaveLength(2);
  expect(published.map(({ found }) => found)).toEqual([0.6, 0.6, null]);
});
