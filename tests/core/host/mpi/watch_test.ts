import { expect } from "expect";
import { watchProcesses } from "../../../../core/host/mpi/watch.ts";

/** What processes of this test tell each other when they begin. */
function teller() {
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  return (words: readonly string[]) => {
    if (words.length > 0) resolve(words);
    return promise;
  };
}

Deno.test("watchProcesses: the first process hears why another one gives up, and who is gone", async () => {
  const heard: string[] = [];
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const quiet = { onGone: () => {}, onReport: () => {} };
  const tell = teller();
  const first = await watchProcesses(0, tell, {
    onGone: (rank) => {
      heard.push(`${rank} gone`);
      resolve();
    },
    onReport: (rank, text) => heard.push(`${rank} reports ${text}`),
  });
  const second = await watchProcesses(2, tell, quiet);
  expect(second.connected).toBe(true);
  await second.report("no space\nleft");
  // A process that ends without a word: its line breaks.
  const code = `
    const { watchProcesses } = await import(${
    JSON.stringify(import.meta.resolve("../../../../core/host/mpi/watch.ts"))
  });
    const place = ${JSON.stringify((await tell([]))[0])};
    await watchProcesses(1, () => Promise.resolve([place]), { onGone() {}, onReport() {} });
    Deno.kill(Deno.pid, "SIGKILL");`;
  const { signal } = await new Deno.Command(Deno.execPath(), { args: ["eval", code] }).output();
  expect(signal).toBe("SIGKILL");
  await gone;
  expect(heard).toEqual(["2 reports no space\nleft", "1 gone"]);
  // Who takes leave is not missed.
  await second.leave();
  await first.leave();
  expect(heard.length).toBe(2);
});
