import { expect } from "expect";
import { runWithin } from "../../../helpers/mpi/run_within.ts";
import { watchProcesses } from "../../../../core/host/mpi/watch.ts";
import { readWords, sayWords } from "../../../../core/host/mpi/words.ts";
import { WITH_LOCK } from "../../../helpers/with_lock.ts";

const source = (name: string) => import.meta.resolve(`../../../../core/host/mpi/${name}.ts`);

/** A job of two processes in one: it does `then` with the lines `first` and `second`. */
async function job(then: string) {
  const code = `
    const { watchProcesses } = await import(${JSON.stringify(source("watch"))});
    const place = Promise.withResolvers();
    const tell = (words) => {
      if (words.length > 0) place.resolve(words);
      return place.promise;
    };
    const names = ["process 0 of 2 (a)", "process 1 of 2 (b)"];
    let told = 0;
    const open = (rank) => watchProcesses({ rank, names, tell, onGone: () => told++ });
    const [first, second] = await Promise.all([open(0), open(1)]);
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    ${then}`;
  return await runWithin(20_000, Deno.execPath(), { args: ["eval", WITH_LOCK, code] });
}

Deno.test("watchProcesses: what breaks without a word is told, with what to resume", async () => {
  const { code, err } = await job(`
    first.resumesFrom("runs/x");
    await wait(200);
    Deno.kill(Deno.pid, "SIGKILL");`);
  expect(code).toBe(137);
  const [died, resume] = err.split("\n");
  expect(died).toMatch(/^error: process [01] of 2 \([ab]\) died, and the job ends with it$/);
  expect(resume).toBe("  --resume runs/x goes on from its last checkpoint");
});

Deno.test("watchProcesses: who was asked to end is not taken for the one that died", async () => {
  // As a launcher asks all others to end when one is gone, and its word comes first.
  const { err } = await job(`
    first.resumesFrom("runs/x");
    await second.asked();
    await wait(100);
    Deno.kill(Deno.pid, "SIGKILL");`);
  expect(err).toBe(
    "error: process 0 of 2 (a) died, and the job ends with it\n" +
      "  --resume runs/x goes on from its last checkpoint\n",
  );
  const alone = await job(`
    await second.asked();
    while (told < 1) await wait(20);
    Deno.exit(1);`);
  expect(alone.err).toBe("error: process 1 of 2 (b) was asked to end, and the job ends with it\n");
});

Deno.test("watchProcesses: what a process reports is told in its name, and ends the others", async () => {
  const { err, out } = await job(`
    await second.report("no space\\nleft");
    while (told < 2) await wait(20);
    console.log(told);
    Deno.exit(1);`);
  expect(err).toBe("error: process 1 of 2 (b): no space\nleft\n");
  expect(out).toBe("2\n");
});

Deno.test("watchProcesses: who takes leave is not missed", async () => {
  const { code, err } = await job(`
    await second.leave();
    await first.leave();
    Deno.exit(0);`);
  expect([code, err]).toEqual([0, ""]);
});

Deno.test("watchProcesses: without a program that watches the launcher is all there is", async () => {
  const watch = await watchProcesses({
    rank: 1,
    names: [],
    tell: () => Promise.resolve([]),
    onGone: () => {},
  });
  expect(watch.connected).toBe(false);
  await watch.report("nobody hears it");
  await watch.asked();
  await watch.leave();
});

Deno.test("sayWords, readWords: keep words and texts apart, however they arrive", async () => {
  const listener = Deno.listen({ port: 0 });
  const [line, other] = await Promise.all([
    Deno.connect({ port: listener.addr.port }),
    listener.accept(),
  ]);
  await sayWords(line, "bye", "");
  await sayWords(line, "report", JSON.stringify("a b\nü"));
  await line.write(new TextEncoder().encode("half a li"));
  line.close();
  const heard = [];
  for await (const each of readWords(other)) heard.push(each);
  expect(heard).toEqual([["bye", ""], ["report", '"a b\\nü"']]);
  listener.close();
});
