import { expect } from "expect";
import { gzipSync } from "node:zlib";
import { decodeText, readText, readTextPieces } from "../../../../core/host/storage/read_text.ts";
import { firstInvalidByte, wholeCharacters } from "../../../../core/host/storage/utf8.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const encoder = new TextEncoder();
const utf8 = (text: string) => encoder.encode(text);

/** Bytes as hexadecimal digits, in the encodings that Python's codecs gave for these texts. */
const golden = {
  // "un café noir et une crème".encode("latin-1")
  latin1: "756e20636166e9206e6f697220657420756e65206372e86d65",
  // "一只狗在草地上跑".encode("gb18030")
  gb18030: "d2bbd6bbb9b7d4dab2ddb5d8c9cfc5dc",
  // "犬が草の上を走る".encode("shift_jis")
  shiftJis: "8ca282aa919082cc8fe382f0919682e9",
  // "собака бежит по траве".encode("cp1251")
  windows1251: "f1eee1e0eae020e1e5e6e8f220efee20f2f0e0e2e5",
  // "a dog".encode("utf-16") and ("utf-16-le")
  utf16: "fffe6100200064006f006700",
  utf16WithoutMark: "6100200064006f006700",
};

Deno.test("readText: a mark is dropped, gzip unpacked, of several members too", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.txt`;
    const text = "naïve 日本 😀\ufeff";
    const packed = [gzipSync(utf8("\ufeffnaïve ")), gzipSync(utf8("日本 😀\ufeff"))];
    for (
      const bytes of [
        utf8(text),
        utf8(`\ufeff${text}`),
        new Uint8Array(packed.flatMap((b) => [...b])),
      ]
    ) {
      await Deno.writeFile(path, bytes);
      expect(await readText(path)).toBe(text);
      expect((await Array.fromAsync(readTextPieces(path))).join("")).toBe(text);
      expect(decodeText(bytes, "x")).toBe(text);
    }
    await Deno.writeFile(path, gzipSync(utf8(text)).subarray(0, 20));
    await expect(readText(path)).rejects.toThrow(`${path}: expected whole gzip`);
    await expect(Array.fromAsync(readTextPieces(path))).rejects.toThrow(SyntaxError);
    await expect(readText(`${folder}/none`)).rejects.toThrow(Deno.errors.NotFound);
    await expect(Array.fromAsync(readTextPieces(`${folder}/none`))).rejects
      .toThrow(Deno.errors.NotFound);
  }));

Deno.test("readText: what is not UTF-8 is an error with the offset and what it looks like", () =>
  withFolder(async (folder) => {
    for (
      const [hex, offset, guess] of [
        [golden.latin1, 6, "WINDOWS-1252"],
        // The first two pairs happen to be letters of UTF-8 as well.
        [golden.gb18030, 4, "GB18030"],
        [golden.shiftJis, 0, "Shift_JIS"],
        [golden.windows1251, 0, "WINDOWS-1251"],
        [golden.utf16, 0, "UTF-16"],
        [golden.utf16WithoutMark, 1, "UTF-16"],
      ] as const
    ) {
      const path = `${folder}/a.csv`;
      // Behind some pieces of a file's stream, the last of which ends within it.
      for (const before of [0, 200_000]) {
        const bytes = new Uint8Array([...utf8("x".repeat(before)), ...Uint8Array.fromHex(hex)]);
        await Deno.writeFile(path, bytes);
        const where = `${path}, byte ${before + offset}: expected text in UTF-8`;
        await expect(readText(path)).rejects.toThrow(where);
        await expect(Array.fromAsync(readTextPieces(path))).rejects.toThrow(where);
        if (before === 0) await expect(readText(path)).rejects.toThrow(guess);
      }
    }
  }));

Deno.test("firstInvalidByte: finds what a fatal decoder refuses, and nothing else", () => {
  const decodes = (bytes: Uint8Array) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      return true;
    } catch {
      return false;
    }
  };
  const wrong: number[][] = [];
  // All first bytes, with second ones around every bound.
  for (let first = 0; first < 256; first++) {
    for (const second of [0, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff]) {
      for (const tail of [[], [0x80], [0x80, 0x80]]) {
        const bytes = new Uint8Array([first, second, ...tail]);
        const at = firstInvalidByte(bytes);
        const right = at < 0 ? decodes(bytes) : !decodes(bytes) && decodes(bytes.subarray(0, at));
        if (!right) wrong.push([...bytes]);
      }
    }
  }
  expect(wrong).toEqual([]);
});

Deno.test("wholeCharacters: cuts where a character has only begun", () => {
  const bytes = utf8("aé日😀b");
  const ends = [0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11];
  expect(ends.map((_, length) => wholeCharacters(bytes.subarray(0, length)))).toEqual(ends);
});

Deno.test("readText: nothing else reads text that people bring", () => {
  // Files that this project alone writes, some of which may end in half a character, and names
  // inside archives, which are no text that is trained on.
  const own = [
    // Names of operators and domains.
    "core/graph/onnx/call.ts",
    "core/host/assets/cache.ts",
    "core/host/assets/environment.ts",
    "core/host/assets/partial_file.ts",
    // What Linux says of the memory.
    "core/host/machine_memory.ts",
    // What processes say to each other, and what MPI and Linux say of themselves.
    "core/host/mpi/communicator.ts",
    "core/host/mpi/library.ts",
    "core/host/mpi/machine.ts",
    "core/host/mpi/mpi_exchange.ts",
    "core/host/mpi/open_processes.ts",
    "core/host/mpi/watch.ts",
    "core/host/mpi/watch_server.ts",
    "core/host/mpi/words.ts",
    "core/host/storage/pickle.ts",
    "core/host/storage/torch_checkpoint.ts",
    "core/host/storage/zip_directory.ts",
    // It looks for a mark in what somebody may have written.
    "plugins/app/model_card/place_card.ts",
    "plugins/app/report/page.ts",
    "plugins/app/shards/part_states.ts",
    "plugins/app/view/last_step.ts",
    "plugins/app/web/bundle.ts",
    "plugins/app/web/site_file.ts",
    "plugins/captioners/torn_row.ts",
    // It looks whether a text is UTF-8 before.
    "plugins/captions/parquet_file.ts",
    "plugins/captions/rows/index_file.ts",
    "plugins/captions/rows/text_rows.ts",
    "plugins/captions/tar_members.ts",
    // Single bytes of other encodings.
    "plugins/clip/ftfy/encodings.ts",
  ];
  const root = new URL("../../../../", import.meta.url);
  const found = ["core", "plugins", "recipes"].flatMap((folder) => [...modules(folder, root)])
    .filter((path) =>
      /readTextFile|TextDecoderStream|new TextDecoder\((?!"utf-8", \{ fatal|"latin1)/.test(
        Deno.readTextFileSync(new URL(path, root)).replaceAll(/^ *\*.*$/gm, ""),
      )
    );
  expect(found.filter((path) => !own.includes(path))).toEqual([]);
  expect(own.filter((path) => !found.includes(path))).toEqual([]);
});

function* modules(folder: string, root: URL): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, root))) {
    if (isDirectory) yield* modules(`${folder}/${name}`, root);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}
