import { expect } from "expect";
import { createImagePool } from "../../../../core/host/images/pool.ts";
import { decodeImage } from "../../../../core/host/images/decode.ts";
import { ImageError } from "../../../../core/images/image_error.ts";
import type { ImageOperation } from "../../../../core/images/operation.ts";
import { squareCrop } from "../../../../core/images/crop.ts";

const folder = new URL("../../../data/photos/", import.meta.url).pathname;
const paths = ["000000161044.jpg", "000000205401.jpg", "000000290843.jpg"].map((n) => folder + n);
const operations: ImageOperation[] = [
  { kind: "full" },
  { kind: "square", size: 64 },
  { kind: "squash", width: 40, height: 80 },
];

Deno.test("createImagePool: the same bytes whatever the number of workers", async () => {
  const results = [];
  for (const workers of [0, 1, 3]) {
    using pool = createImagePool({ workers });
    const tasks = paths.flatMap((path) => operations.map((o) => pool.decode(path, o)));
    results.push(await Promise.all(tasks));
  }
  expect(results[0]![1]).toEqual(squareCrop(await decodeImage(paths[0]!), 64));
  expect(results[0]![2]).toMatchObject({ width: 40, height: 80 });
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

Deno.test("createImagePool: bytes stay with the caller", async () => {
  using pool = createImagePool({ workers: 1 });
  const bytes = await Deno.readFile(paths[0]!);
  const raster = await pool.decode(bytes, { kind: "full" });
  expect(await decodeImage(bytes)).toEqual(raster);
});

for (const workers of [0, 2]) {
  Deno.test(`createImagePool: with ${workers} workers one bad picture is an error of its own`, async () => {
    using pool = createImagePool({ workers });
    const [missing, junk, size, good] = await Promise.allSettled([
      pool.decode("no/such.jpg", { kind: "full" }),
      pool.decode(new Uint8Array(9), { kind: "full" }, "row 3"),
      pool.decode(paths[0]!, { kind: "squash", width: 0, height: 3 }),
      pool.decode(paths[0]!, { kind: "square", size: 8 }),
    ]);
    if (missing.status !== "rejected" || junk.status !== "rejected") throw new Error("no error");
    expect(missing.reason).toBeInstanceOf(ImageError);
    expect(missing.reason.where).toBe("no/such.jpg");
    expect(missing.reason.reason).toContain("found no file");
    expect(junk.reason).toBeInstanceOf(ImageError);
    expect(junk.reason.where).toBe("row 3");
    expect(size.status === "rejected" && size.reason instanceof RangeError).toBe(true);
    expect(good.status).toBe("fulfilled");
  });
}

Deno.test("createImagePool: closing rejects what is under way and what comes after", async () => {
  const pool = createImagePool({ workers: 1 });
  const tasks = paths.map((path) => pool.decode(path, { kind: "full" }));
  pool.close();
  for (const task of tasks) await expect(task).rejects.toThrow("closed before");
  await expect(pool.decode(paths[0]!, { kind: "full" })).rejects.toThrow("pool is closed");
});

Deno.test("createImagePool: a number of workers that is no whole number is refused", () => {
  expect(() => createImagePool({ workers: 1.5 })).toThrow(RangeError);
  expect(() => createImagePool({ workers: -1 })).toThrow("found -1");
});
