import { expect } from "expect";

const folder = new URL("../../examples/library", import.meta.url).pathname;

Deno.test("examples/library: four lines for a similarity, at most twenty for a training loop", async () => {
  const lines = async (file: string) => {
    const text = await Deno.readTextFile(`${folder}/${file}`);
    const [body] = /\{\n(.*?)\n\}\n/s.exec(text.slice(text.indexOf("export async function")))!
      .slice(1);
    return body!.split("\n").length;
  };
  expect(await lines("similarity.ts")).toBeLessThanOrEqual(4);
  expect(await lines("train_by_hand.ts")).toBeLessThanOrEqual(20);
});
