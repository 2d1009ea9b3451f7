import { expect } from "expect";
import { DownloadFailure, tryAgain } from "../../../../core/host/assets/download_failure.ts";

Deno.test("tryAgain: after failures that may pass, as often as there are waits; all else is thrown at once", async () => {
  const told: string[] = [];
  const options = { retryDelays: [0, 0], onRetry: (reason: string) => void told.push(reason) };
  const failing = (...errors: Error[]) => () =>
    errors.length === 0 ? Promise.resolve("done") : Promise.reject(errors.shift());
  const passing = () => new DownloadFailure("again", "busy");
  expect(await tryAgain(options, ["again"], failing(passing(), passing()))).toBe("done");
  expect(told).toEqual(["busy", "busy"]);
  await expect(tryAgain(options, ["again"], failing(passing(), passing(), passing())))
    .rejects.toThrow("busy");
  told.length = 0;
  for (const error of [new DownloadFailure("stale", "other"), new RangeError("busy")]) {
    await expect(tryAgain(options, ["again"], failing(error))).rejects.toBe(error);
  }
  expect(told).toEqual([]);
});
