import { expect } from "expect";
import { differences } from "../../scripts/kills/results.ts";
import { brokenFiles } from "../../scripts/kills/whole.ts";
import { withFolder } from "../helpers/with_folder.ts";
import { WITH_LOCK } from "../helpers/with_lock.ts";

Deno.test({
  name: "kill_runs: commands that are killed and called again leave what others do",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const script = new URL("../../scripts/kill_runs.ts", import.meta.url).pathname;
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        WITH_LOCK,
        "--no-check",
        script,
        "--kills",
        "4",
        "--only",
        "write-negatives,download-images",
      ],
      stderr: "inherit",
    }).output();
    const text = new TextDecoder().decode(stdout);
    expect({ code, text }).toEqual({ code: 0, text: expect.any(String) });
    expect(text).toMatch(/^4 kills in \d+ cases, 0 faults$/m);
  },
});

Deno.test("brokenFiles: names what stands in part under its final name", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/manifest.json`, '{"a":');
    await Deno.writeTextFile(`${folder}/manifest.json.12-0123abcd.tmp`, '{"a":');
    await Deno.writeTextFile(`${folder}/metrics.jsonl`, '{"step":1}\n{"st');
    await Deno.writeTextFile(`${folder}/part-0.jsonl`, '{"caption":"a"}\n{"cap');
    await Deno.writeTextFile(`${folder}/report.html`, "<html>");
    await Deno.writeTextFile(`${folder}/table.md`, "| a |\n");
    const broken = (await brokenFiles(folder)).map((text) => text.split(":")[0]);
    expect(broken).toEqual(["manifest.json", "part-0.jsonl", "report.html"]);
  }));

Deno.test("differences: what is missing, added or another", () => {
  const expected = new Map([["a", "1"], ["b", "2"], ["c", "3"]]);
  const found = new Map([["a", "1"], ["b", "4"], ["d", "5"]]);
  expect(differences(expected, found)).toEqual([
    "b: expected 2, found 4",
    "c: expected 3, found nothing",
    "d: expected nothing, found 5",
  ]);
});
