import { expect } from "expect";
import { createPicturePool } from "../../../../core/host/images/pool.ts";
import { decodePicture } from "../../../../core/host/images/decode.ts";
import { PictureError } from "../../../../core/images/picture_error.ts";
import type { PictureOperation } from "../../../../core/images/operation.ts";
import { squareCrop } from "../../../../core/images/crop.ts";

const folder = new URL("../../../data/photos/", import.meta.url).pathname;
const paths = ["000000161044.jpg", "000000205401.jpg", "000000290843.jpg"].map((n) => folder + n);
const operations: PictureOperation[] = [
  { kind: "full" },
  { kind: "square", size: 64 },
  { kind: "squash", width: 40, height: 80 },
];

Deno.test("createPicturePool: the same bytes whatever the number of workers", async () => {
  const results = [];
  for (const workers of [0, 1, 3]) {
    using pool = createPicturePool({ workers });
    const tasks = paths.flatMap((path) => operations.map((o) => pool.decode(path, o)));
    results.push(await Promise.all(tasks));
  }
  expect(results[0]![1]).toEqual(squareCrop(await decodePicture(paths[0]!), 64));
  expect(results[0]![2]).toMatchObject({ width: 40, height: 80 });
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

Deno.test("createPicturePool: bytes stay with the caller", async () => {
  using pool = createPicturePool({ workers: 1 });
  const bytes = await Deno.readFile(paths[0]!);
  const raster = await pool.decode(bytes, { kind: "full" });
  expect(await decodePicture(bytes)).toEqual(raster);
});

for (const workers of [0, 2]) {
  Deno.test(`createPicturePool: with ${workers} workers one bad picture is an error of its own`, async () => {
    using pool = createPicturePool({ workers });
    const [missing, junk, size, good] = await Promise.allSettled([
      pool.decode("no/such.jpg", { kind: "full" }),
      pool.decode(new Uint8Array(9), { kind: "full" }, "row 3"),
      pool.decode(paths[0]!, { kind: "squash", width: 0, height: 3 }),
      pool.decode(paths[0]!, { kind: "square", size: 8 }),
    ]);
    if (missing.status !== "rejected" || junk.status !== "rejected") throw new Error("no error");
    expect(missing.reason).toBeInstanceOf(PictureError);
    expect(missing.reason.where).toBe("no/such.jpg");
    expect(missing.reason.reason).toContain("found no file");
    expect(junk.reason).toBeInstanceOf(PictureError);
    expect(junk.reason.where).toBe("row 3");
    expect(size.status === "rejected" && size.reason instanceof RangeError).toBe(true);
    expect(good.status).toBe("fulfilled");
  });
}

Deno.test("createPicturePool: closing rejects what is under way and what comes after", async () => {
  const pool = createPicturePool({ workers: 1 });
  const tasks = paths.map((path) => pool.decode(path, { kind: "full" }));
  pool.close();
  for (const task of tasks) await expect(task).rejects.toThrow("closed before");
  await expect(pool.decode(paths[0]!, { kind: "full" })).rejects.toThrow("pool is closed");
});

Deno.test("createPicturePool: a number of workers that is no whole number is refused", () => {
  expect(() => createPicturePool({ workers: 1.5 })).toThrow(RangeError);
  expect(() => createPicturePool({ workers: -1 })).toThrow("found -1");
});
