import { expect } from "expect";

/** What `.ci/count` prints of a test runner's output, and its exit code. */
async function count(output: string): Promise<{ printed: string; code: number }> {
  const process = new Deno.Command("bash", {
    args: [new URL("../../.ci/count", import.meta.url).pathname],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(output));
  await writer.close();
  const { code, stdout } = await process.output();
  return { printed: new TextDecoder().decode(stdout), code };
}

/** The output of a runner around its closing line. */
function output(closing: string): string {
  return `running 1 test from ./tests/a_test.ts\na ... ok (1ms)\n\n${closing}\n\n`;
}

const ignore = Deno.build.os === "windows";

Deno.test({
  name: "count: reads the closing line of deno test in all its forms",
  ignore,
  fn: async () => {
    const cases: readonly (readonly [string, string, number])[] = [
      ["ok | 12 passed | 0 failed (1s)", "12 passed, 0 failed\n", 0],
      [
        "ok | 12 passed (3 steps) | 0 failed | 1 ignored (2 steps) (1s)",
        "12 passed, 0 failed\n",
        0,
      ],
      ["ok | 7 passed | 0 failed | 3 filtered out (9ms)", "7 passed, 0 failed\n", 0],
      [
        "\x1b[0m\x1b[32mok\x1b[0m | 5 passed | 0 failed \x1b[38;5;245m(1s)\x1b[0m",
        "5 passed, 0 failed\n",
        0,
      ],
      ["FAILED | 10 passed (1 step) | 2 failed (3s)", "10 passed, 2 failed\n", 1],
      ["ok | 0 passed | 0 failed (1ms)", "0 passed, 0 failed\n", 1],
    ];
    for (const [closing, printed, code] of cases) {
      expect(await count(output(closing))).toEqual({ printed, code });
    }
  },
});

Deno.test({
  name: "count: takes the last closing line, since tests may print one of their own",
  ignore,
  fn: async () => {
    const printed = "ok | 99 passed | 0 failed (1s)";
    expect(await count(output(printed) + output("FAILED | 1 passed | 1 failed (1s)")))
      .toEqual({ printed: "1 passed, 1 failed\n", code: 1 });
  },
});

Deno.test({
  name: "count: output without a closing line is a failure",
  ignore,
  fn: async () => {
    expect(await count("error: Type checking failed.\n"))
      .toEqual({ printed: "0 passed, 0 failed\n", code: 1 });
    expect(await count("")).toEqual({ printed: "0 passed, 0 failed\n", code: 1 });
  },
});
