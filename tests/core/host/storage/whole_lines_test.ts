import { expect } from "expect";
import { readWholeLines } from "../../../../core/host/storage/whole_lines.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("readWholeLines: lines with their numbers, without one that has no end", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.jsonl`;
    const read = async (bytes: Uint8Array<ArrayBuffer>) => {
      await Deno.writeFile(path, bytes);
      return await Array.fromAsync(readWholeLines(path));
    };
    const encode = (text: string) => new TextEncoder().encode(text);
    expect(await read(encode("é\n\nb\r\nc"))).toEqual([
      { line: 1, text: "é", end: 3 },
      { line: 3, text: "b\r", end: 7 },
    ]);
    // Its writer was killed in the middle of a character.
    expect(await read(encode("a\né").subarray(0, 3))).toEqual([
      { line: 1, text: "a", end: 2 },
    ]);
    // Larger than what is read at a time.
    const long = "x".repeat(300_000);
    expect(await read(encode(`${long}\n${long}\ny`))).toEqual([
      { line: 1, text: long, end: 300_001 },
      { line: 2, text: long, end: 600_002 },
    ]);
    // From where the first line ended.
    expect(await Array.fromAsync(readWholeLines(path, 300_001))).toEqual([
      { line: 1, text: long, end: 600_002 },
    ]);
    await expect(read(Uint8Array.of(0x61, 0x0a, 0xe9, 0x0a))).rejects.toThrow(
      `${path}, line 2, byte 0: expected text in UTF-8`,
    );
  }));
