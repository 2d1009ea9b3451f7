import { expect } from "expect";
import { describeRecipe } from "../../../../core/describe_recipe.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import { parseSafetensors } from "../../../../core/host/storage/safetensors_bytes.ts";
import { pageItem, scoreItems } from "../../../../plugins/app/web/page/page_items.ts";
import { findWeights, WEIGHTS } from "../../../../plugins/app/web/page/find_weights.ts";
import type { PageFile } from "../../../../plugins/app/web/page/page_model.ts";
import { clicOnScenes } from "../../../../plugins/scenes/clic_on_scenes.ts";
import { tinyClip } from "../../../../plugins/scenes/tiny_clip.ts";
import clicWeb from "../../../../recipes/clic_web.ts";
import { Session } from "../../../../plugins/app/web/page/session.ts";
import { openPageDevice } from "../../../../plugins/app/web/page/open_page_device.ts";
import { createTurns } from "../../../../plugins/app/web/page/turns.ts";

const shipped: PageFile = {
  name: WEIGHTS,
  bytes: await Deno.readFile(
    new URL("../../../../plugins/scenes/tiny_clip.safetensors", import.meta.url),
  ),
};

const silent = { onStep: () => {}, onItems: () => {}, onLine: () => {} };

Deno.test("Session: trains, believes otherwise then, gives and takes its weights", async () => {
  const session = await Session.open(await openDevice("cpu"), shipped, 3);
  try {
    expect(session.parameters).toBe(681_441);
    expect(session.unknownWords(["a red zebra, and a box", "zebra?"])).toEqual(["zebra", "?"]);
    const { picture, caption, negative } = pageItem(0);
    const texts = [caption, negative];
    const first = await session.believe(picture, texts);
    expect(first.now).toEqual(first.before);
    expect(first.now.shares[0]! + first.now.shares[1]!).toBeCloseTo(1, 6);

    const heard: number[] = [];
    const settings = { steps: 2, batch: 4, seed: 0 };
    const onStep = ({ loss }: { loss: number }) => void heard.push(loss);
    // What is asked while it trains is answered between two steps.
    const [, during] = await Promise.all([
      session.train(settings, { ...silent, onStep }, new AbortController().signal),
      session.believe(picture, texts),
    ]);
    expect(heard).toHaveLength(2);
    expect(during.before).toEqual(first.before);
    const trained = await session.believe(picture, texts);
    expect(trained.before).toEqual(first.before);
    expect(trained.now.cosines).not.toEqual(first.now.cosines);

    const files = await session.files();
    expect(files.map(({ name }) => name)).toEqual([WEIGHTS, "open_clip_config.json"]);
    const frozen = await parseSafetensors("saved", files[0]!.bytes).readFloat32("visual.proj");
    expect(frozen).toEqual(
      await parseSafetensors("shipped", shipped.bytes).readFloat32("visual.proj"),
    );
    await session.take(shipped);
    expect((await session.believe(picture, texts)).now).toEqual(first.before);
    await session.take(findWeights(files));
    expect((await session.believe(picture, texts)).now).toEqual(trained.now);

    // From where it began the same settings give the same losses.
    await session.take(shipped);
    const again: number[] = [];
    await session.train(
      settings,
      { ...silent, onStep: ({ loss }) => void again.push(loss) },
      new AbortController().signal,
    );
    expect(again).toEqual(heard);
    await expect(session.train({ ...settings, batch: 0 }, silent, new AbortController().signal))
      .rejects.toThrow("batch: expected a whole number of at least 1, found 0");
    await expect(session.take({ name: "x.safetensors", bytes: new Uint8Array(4) }))
      .rejects.toThrow("x.safetensors: expected 8 bytes, found 4");
  } finally {
    await session.close();
  }
});

Deno.test("findWeights: the weights of a folder, or what was found instead", () => {
  const file = (name: string): PageFile => ({ name, bytes: new Uint8Array() });
  expect(findWeights([file("losses.safetensors"), file(WEIGHTS)]).name).toBe(WEIGHTS);
  // Of a run's folder what it gives, not a checkpoint, nor the model before a transformation.
  const run = ["checkpoints/step-1.safetensors", `model-trained/${WEIGHTS}`, `model/${WEIGHTS}`];
  expect(findWeights(run.map((name) => file(`clic-tiny/${name}`))).name)
    .toBe(`clic-tiny/model/${WEIGHTS}`);
  expect(() => findWeights([file("report.html")]))
    .toThrow(`expected ${WEIGHTS} of a run's folder model/, found report.html`);
});

Deno.test("scoreItems: right where the caption's row is nearer to the picture's", async () => {
  const items = [pageItem(0), pageItem(1)];
  // The first picture lies with its caption, the second with its negative.
  const encoder = {
    dim: 2,
    images: () => Promise.resolve(new Float32Array([1, 0, 0, 1])),
    texts: () => Promise.resolve(new Float32Array([1, 0, 0, 1, 1, 0, 0, 1])),
  };
  expect(await scoreItems(encoder, items)).toEqual([true, false]);
  const words = (text: string) => text.split(" ").sort();
  for (const { caption, negative } of items) expect(words(caption)).toEqual(words(negative));
});

Deno.test("createTurns: one after another, and on after one that failed", async () => {
  const turns = createTurns();
  const order: string[] = [];
  const done = await turns.take();
  const failing = turns.run(() => {
    order.push("second");
    return Promise.reject(new Error("no"));
  });
  const third = turns.run(() => Promise.resolve(order.push("third")));
  order.push("first");
  done();
  await expect(failing).rejects.toThrow("no");
  await third;
  expect(order).toEqual(["first", "second", "third"]);
});

Deno.test("clicOnScenes: the recipe of the command line is the page's", () => {
  expect(describeRecipe(clicOnScenes(tinyClip()))).toEqual(describeRecipe(clicWeb));
});

Deno.test("openPageDevice: wasm where it is asked for", async () => {
  const device = await openPageDevice("wasm");
  expect([device.kind, device.reason]).toEqual(["wasm", "asked for"]);
  await device.dispose();
});
