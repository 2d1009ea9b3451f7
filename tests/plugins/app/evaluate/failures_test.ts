import { expect } from "expect";
import sharp from "sharp";
import { cocoRetrieval } from "../../../../plugins/benchmarks/retrieval/karpathy_retrieval.ts";
import { zeroShotImageNet } from "../../../../plugins/benchmarks/classification/zero_shot_sets.ts";
import type { Encoder, Evaluation } from "../../../../core/evaluator.ts";
import {
  benchmarkContext,
  writePicture,
  writtenEncoder,
} from "../../../helpers/benchmark_fixture.ts";
import { runCommand, runCommandWith } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const quick = ["--device", "cpu", "--limit", "5"];

/** COLA's 210 items: the first ask about pictures that a test has broken, the rest do not. */
async function writeCola(folder: string, ...broken: string[]): Promise<void> {
  const items = Array.from({ length: 210 }, (_, i) => [broken[i] ?? "a.png", "A.", "b.png", "B."]);
  await Deno.writeTextFile(`${folder}/cola.json`, JSON.stringify(items));
  await writePicture(`${folder}/a.png`, 0);
  await writePicture(`${folder}/b.png`, 255);
}

/** The first half of a picture's file. */
async function writeHalf(path: string): Promise<void> {
  const noise = { type: "gaussian", mean: 128, sigma: 30 } as const;
  const picture = sharp({
    create: { width: 64, height: 64, channels: 3, background: "red", noise },
  });
  const bytes = await picture.toFormat(path.endsWith(".png") ? "png" : "jpeg").toBuffer();
  await Deno.writeFile(path, bytes.subarray(0, bytes.length >> 1));
}

for (const status of [401, 403]) {
  Deno.test(`evaluate: a gated data set, ${status}, is one message with its page; the others are scored`, () =>
    withFolder(async (folder) => {
      const asked: string[] = [];
      // What the hub answers where its terms are not accepted: 401 without a token, 403 with one.
      const server = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen: () => {} },
        (request) => {
          asked.push(new URL(request.url).pathname);
          return new Response("Access to dataset facebook/winoground is restricted.", {
            status,
            headers: { "x-error-code": "GatedRepo" },
          });
        },
      );
      try {
        const endpoint = `http://127.0.0.1:${server.addr.port}`;
        const { code, out, err } = await runCommandWith(
          { HF_ENDPOINT: endpoint, SYNTAGMA_CACHE: `${folder}/cache`, HOME: folder },
          ...["evaluate", "tiny", "winoground", "scenes_pairs", "--images", folder],
          ...[...quick, "--no-cache"],
        );
        expect(code).toBe(1);
        expect(out).toContain("scenes/pair_swap_att");
        const place = "datasets/facebook/winoground";
        expect(err).toContain(
          "winoground cannot be scored: Cannot get examples.jsonl: tried " +
            `${endpoint}/${place}/resolve/main/data/examples.jsonl (the server answered ${status}: ` +
            `its terms have to be accepted). Put it at ${folder}/cache/hf/${place}/main/data/` +
            `examples.jsonl, or accept its terms at https://huggingface.co/${place} and set ` +
            "HF_TOKEN to a token that may read it.",
        );
        expect(err).not.toContain("    at ");
        expect(asked).toEqual([`/${place}/resolve/main/data/examples.jsonl`]);
      } finally {
        await server.shutdown();
      }
    }));
}

for (const name of ["c.jpg", "c.png", "text.jpg"]) {
  Deno.test(`evaluate: a broken ${name} is named in one message, and the others are scored`, () =>
    withFolder(async (folder) => {
      await writeCola(folder, name);
      if (name === "text.jpg") await Deno.writeTextFile(`${folder}/${name}`, "<html>404</html>");
      else await writeHalf(`${folder}/${name}`);
      const { code, out, err } = await runCommand(
        ...["evaluate", "tiny", "cola", "scenes_pairs", "--images", folder],
        ...["--annotations", `${folder}/cola.json`, ...quick, "--no-cache"],
      );
      expect(code).toBe(1);
      expect(out).toContain("scenes/pair_swap_att");
      expect(err).toContain(`cola cannot be scored: ${folder}/${name}: expected a whole JPEG, PNG`);
      expect(err.split(name)).toHaveLength(2);
      expect(err).not.toContain("    at ");
    }));
}

Deno.test("evaluate --partial: broken pictures count as missing, with a cache and without", () =>
  withFolder(async (folder) => {
    await writeCola(folder, "c.jpg", "gone.png", "text.jpg");
    await writeHalf(`${folder}/c.jpg`);
    await Deno.writeTextFile(`${folder}/text.jpg`, "<html>404</html>");
    const evaluate = (...more: string[]) =>
      runCommand(
        ...["evaluate", "tiny", "cola", "--images", folder, "--annotations", folder, "--partial"],
        ...["--device", "cpu", "--out", `${folder}/out`, ...more],
      );
    const scored = async (): Promise<Evaluation> =>
      JSON.parse(await Deno.readTextFile(`${folder}/out/scores/all.json`))[0];
    for (const more of [["--no-cache"], ["--cache", `${folder}/cache`]]) {
      // The second run finds the embeddings of the first.
      for (const _ of [1, 2]) {
        const { code, err } = await evaluate(...more);
        expect(err).toMatch(/cola: .*\/c\.jpg: expected a whole .*; it counts as missing/);
        expect(err).toMatch(/cola: .*\/text\.jpg: expected a whole .*; it counts as missing/);
        expect(code).toBe(0);
        const { items, partial } = await scored();
        expect({ items, partial }).toEqual({
          items: 207,
          partial: { of: 210, missing: ["gone.png", "c.jpg", "text.jpg"] },
        });
        await Deno.remove(`${folder}/out`, { recursive: true });
      }
    }
  }));

Deno.test("evaluate --partial: where no picture can be decoded the benchmark cannot be scored", () =>
  withFolder(async (folder) => {
    await writeCola(folder);
    await writeHalf(`${folder}/a.png`);
    await writeHalf(`${folder}/b.png`);
    const { code, err } = await runCommand(
      ...["evaluate", "tiny", "cola", "--images", folder, "--annotations", `${folder}/cola.json`],
      ...["--partial", "--device", "cpu", "--no-cache"],
    );
    expect(code).toBe(1);
    expect(err).toMatch(/cola cannot be scored: .*\/[ab]\.png: expected a whole JPEG/);
  }));

Deno.test("evaluate: a folder of pictures that is not there is one message", () =>
  withFolder(async (folder) => {
    await writeCola(folder);
    const { code, err } = await runCommand(
      ...["evaluate", "tiny", "cola", "cifar10", "imagenet1k", "scenes_pairs", ...quick],
      ...["--annotations", folder, "--images", `${folder}/none`, "--no-cache"],
    );
    expect(code).toBe(1);
    expect(err).toContain(
      `cola cannot be scored: ${folder}/none: expected a folder of pictures, found none`,
    );
    expect(err).toContain(`cifar10 cannot be scored: ${folder}/none/batches.meta.txt: expected`);
    expect(err).toContain(`imagenet1k cannot be scored: ${folder}/none: expected a folder with a`);
    expect(err.match(/cannot be scored/g)).toHaveLength(3);
    expect(err).not.toContain("    at ");
  }));

Deno.test("cocoRetrieval: a broken picture under partial is missing, with its captions", () =>
  withFolder(async (folder) => {
    await writePicture(`${folder}/0.png`, 0);
    await writeHalf(`${folder}/1.png`);
    await writePicture(`${folder}/2.png`, 1);
    const split = [["0.png", "a @1,0"], ["1.png", "b @1,0"], ["2.png", "c @0,1"]];
    const annotations = `${folder}/split.json`;
    await Deno.writeTextFile(
      annotations,
      JSON.stringify(split.map(([image, caption]) => ({ image, caption }))),
    );
    const benchmark = cocoRetrieval({ images: folder, annotations, partial: true });
    const context = benchmarkContext();
    const [evaluation] = await benchmark.evaluate(writtenEncoder(2), context);
    // Each of the two that are left is nearest to its own caption.
    expect(evaluation).toMatchObject({
      items: 2,
      metrics: { "image_retrieval_recall@1": 1, "text_retrieval_recall@1": 1 },
      partial: { of: 5000, missing: ["1.png"] },
    });
    expect(context.lines).toHaveLength(1);
    expect(context.lines[0]).toContain("cocoRetrieval: " + folder + "/1.png: expected a whole");
  }));

Deno.test("zeroShotImageNet: a broken picture under partial is missing, and no other class moves", () =>
  withFolder(async (folder) => {
    for (let label = 0; label < 1000; label++) {
      await Deno.mkdir(`${folder}/n${String(label).padStart(8, "0")}`);
    }
    await writeHalf(`${folder}/n00000000/ILSVRC2012_val_00000001.png`);
    await writePicture(`${folder}/n00000001/ILSVRC2012_val_00000002.png`, 1);
    // Class 1 has the prompts of its own axis, every other class those of axis 0.
    const written = writtenEncoder(2);
    const encoder: Encoder = {
      ...written,
      texts: (texts) =>
        Promise.resolve(
          Float32Array.from({ length: texts.length * 2 }, (_, i) => {
            const isOwn = Math.floor(i / 2 / 80) === 1;
            return (i % 2 === 1) === isOwn ? 1 : 0;
          }),
        ),
    };
    const benchmark = zeroShotImageNet({ images: folder, partial: true });
    const [evaluation] = await benchmark.evaluate(encoder, benchmarkContext());
    expect(evaluation!.metrics["acc1"]).toBe(1);
    expect(evaluation!.items).toBe(1);
    expect(evaluation!.partial!.missing.at(-1)).toBe("n00000000/ILSVRC2012_val_00000001.png");
    await expect(
      benchmark.with({ partial: false }).evaluate(encoder, benchmarkContext()),
    ).rejects.toThrow("partial: true");
  }));
