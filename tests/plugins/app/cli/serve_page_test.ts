import { expect } from "expect";
import { servePage } from "../../../../plugins/app/cli/serve_page.ts";

const module = new URL("../../../../plugins/app/cli/serve_page.ts", import.meta.url);

Deno.test({
  name: `${servePage.name}: tells its address, answers, and ends with Ctrl-C`,
  ignore: Deno.build.os === "windows",
  fn: async () => {
    // In a process of its own: here the signal would end the tests.
    const code = `const { servePage } = await import("${module}");
      const place = { port: 0, host: "127.0.0.1", title: "the page" };
      const code = await servePage(place, { stdout: Deno.stdout }, (signal) => {
        signal.addEventListener("abort", () => console.log("ended"));
        return () => new Response("here");
      });
      Deno.exit(code + 7);`;
    const process = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-check", code],
      stdout: "piped",
    }).spawn();
    const lines = process.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    const { value: first } = await lines.next();
    const [, address] = /^the page: (http:\/\/127\.0\.0\.1:\d+\/) \(Ctrl-C ends\)\n$/.exec(first!)!;
    expect(await (await fetch(address!)).text()).toBe("here");
    process.kill("SIGINT");
    let rest = "";
    for (let { value, done } = await lines.next(); !done; { value, done } = await lines.next()) {
      rest += value;
    }
    expect(rest.split("\n").toSorted()).toEqual(["", "ended", "the page is closed"]);
    expect((await process.status).code).toBe(7);
  },
});
