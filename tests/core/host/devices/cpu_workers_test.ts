import { expect } from "expect";

Deno.test("openDevice: workers may open and close the CPU at any time", async () => {
  // ONNX Runtime has one environment a process; it is gone and made anew all the while here.
  const url = new URL("../../../fixtures/open_and_close.ts", import.meta.url).href;
  const workers = Array.from({ length: 6 }, () => new Worker(url, { type: "module" }));
  const ends = await Promise.all(workers.map((worker) =>
    new Promise<string>((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
    })
  ));
  for (const worker of workers) worker.terminate();
  expect(ends).toEqual(Array(6).fill("done"));
});
