import { dirname, join } from "node:path";
import { appendWhole } from "../../core/host/storage/append.ts";
import { writeAll, writeFileAtomically } from "../../core/host/storage/atomic_file.ts";
import { StorageError, storageErrorOf } from "../../core/host/storage/storage_error.ts";
import {
  type Download,
  INDEX,
  nameOfAddress,
  readDownloads,
  readWholeJsonLines,
} from "./downloads.ts";
import type { FetchedPicture } from "./fetch_picture.ts";

/** Why a picture was not downloaded, as the file of failures has it. */
export interface DownloadFault {
  readonly url: string;
  readonly reason: string;
  /** Whether it may pass, so that the next run tries again. */
  readonly again: boolean;
}

/** The file of a download folder that says what could not be downloaded, and why. */
export const FAILURES = "failures.jsonl";

/** Where pictures grow until they are whole. */
const PARTIAL = ".partial";

/**
 * A folder of downloaded pictures. A picture gets its name when it is whole, and then a line in the
 * index; so a process may be killed at any time.
 */
export class DownloadFolder implements AsyncDisposable {
  readonly #folder: string;
  readonly #lock: Deno.FsFile;
  readonly #index: Deno.FsFile;
  readonly #failures: Deno.FsFile;
  readonly #downloads: Map<string, Download>;
  readonly #faults: Map<string, DownloadFault>;

  private constructor(
    folder: string,
    files: readonly [lock: Deno.FsFile, index: Deno.FsFile, failures: Deno.FsFile],
    downloads: Map<string, Download>,
    faults: Map<string, DownloadFault>,
  ) {
    this.#folder = folder;
    [this.#lock, this.#index, this.#failures] = files;
    this.#downloads = downloads;
    this.#faults = faults;
  }

  /**
   * Opens a folder, made if it is not there, and forgets what the last process did not finish.
   *
   * @throws {SyntaxError} if its index or its file of failures does not parse.
   * @throws {Deno.errors.Busy} if another process downloads into it.
   */
  static async open(folder: string): Promise<DownloadFolder> {
    await Deno.mkdir(folder, { recursive: true });
    // The system frees the lock when its holder ends, however it ends.
    const lock = await Deno.open(join(folder, ".lock"), { write: true, create: true });
    if (!await lock.tryLock(true)) {
      lock.close();
      throw new Deno.errors.Busy(`${folder}: another process downloads into this folder`);
    }
    try {
      await Deno.remove(join(folder, PARTIAL), { recursive: true }).catch(ignoreMissing);
      await Deno.mkdir(join(folder, PARTIAL));
      for (const name of [INDEX, FAILURES]) await cutUnfinishedLine(join(folder, name));
      const downloads = await readDownloads(folder) ?? new Map<string, Download>();
      const faults = await readFaults(join(folder, FAILURES));
      const append = { append: true, create: true };
      const index = await Deno.open(join(folder, INDEX), append);
      const failures = await Deno.open(join(folder, FAILURES), append);
      return new DownloadFolder(folder, [lock, index, failures], downloads, faults);
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  /** Whether the picture at an address is here, and not only in the index. */
  async has(address: string): Promise<boolean> {
    const download = this.#downloads.get(address);
    if (download === undefined) return false;
    const size = await Deno.stat(join(this.#folder, download.file))
      .then((info) => info.size, () => 0);
    return size > 0;
  }

  /** Why an earlier run could not download a picture. */
  fault(address: string): DownloadFault | undefined {
    return this.#faults.get(address);
  }

  /** Keeps a picture. */
  async save(address: string, { bytes, ending, width, height }: FetchedPicture): Promise<void> {
    const file = `${nameOfAddress(address)}${ending}`;
    const target = join(this.#folder, file);
    const partial = join(this.#folder, PARTIAL, file.replace("/", "-"));
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.writeFile(partial, bytes).catch((error) => {
      throw storageErrorOf(target, error);
    });
    await Deno.rename(partial, target);
    this.adopt(address, { file, width, height });
  }

  /** Notes a picture whose file is in the folder; once, if it is noted already. */
  adopt(address: string, { file, width, height }: Download): void {
    const known = this.#downloads.get(address);
    if (known?.file !== file || known.width !== width || known.height !== height) {
      this.#append(this.#index, INDEX, { url: address, file, width, height });
      this.#downloads.set(address, { file, width, height });
    }
    this.#faults.delete(address);
  }

  /** What is downloaded, by its address. */
  downloads(): ReadonlyMap<string, Download> {
    return this.#downloads;
  }

  /** All that could not be downloaded. */
  faults(): readonly DownloadFault[] {
    return [...this.#faults.values()];
  }

  /** Notes why a picture was not downloaded. */
  fail(fault: DownloadFault): void {
    this.#append(this.#failures, FAILURES, fault);
    this.#faults.set(fault.url, fault);
  }

  #append(file: Deno.FsFile, name: string, value: object): void {
    const line = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
    appendWhole(file, join(this.#folder, name), line);
  }

  /** Writes the file of failures anew, each address once, and lets go of the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#index.close();
    this.#failures.close();
    try {
      const lines = [...this.#faults.values()].map((fault) => `${JSON.stringify(fault)}\n`);
      await writeFileAtomically(join(this.#folder, FAILURES), async (file) => {
        const encoder = new TextEncoder();
        for (const line of lines) await writeAll(file, encoder.encode(line));
      }).catch((error) => {
        // As it stands it says the same, some of it twice; the disk is full for others to tell.
        if (!(error instanceof StorageError)) throw error;
      });
      await Deno.remove(join(this.#folder, PARTIAL), { recursive: true });
    } finally {
      this.#lock.close();
    }
  }
}

/** Removes a last line without an end, to which the next one would be added. */
async function cutUnfinishedLine(path: string): Promise<void> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path, { read: true, write: true });
  } catch (error) {
    return ignoreMissing(error);
  }
  using opened = file;
  const { size } = await opened.stat();
  const end = new Uint8Array(1 << 16);
  await opened.seek(Math.max(0, size - end.length), Deno.SeekMode.Start);
  let have = 0;
  for (let count; (count = await opened.read(end.subarray(have))) !== null;) {
    if ((have += count) === end.length) break;
  }
  const last = end.subarray(0, have).lastIndexOf("\n".charCodeAt(0));
  await opened.truncate(size - have + last + 1);
}

async function readFaults(path: string): Promise<Map<string, DownloadFault>> {
  const faults = new Map<string, DownloadFault>();
  try {
    for await (const { line, value } of readWholeJsonLines(path)) {
      if (!isFault(value)) {
        throw new SyntaxError(`${path}, line ${line}: expected url, reason and again`);
      }
      faults.set(value.url, value);
    }
  } catch (error) {
    ignoreMissing(error);
  }
  return faults;
}

function isFault(value: unknown): value is DownloadFault {
  return typeof value === "object" && value !== null &&
    "url" in value && typeof value.url === "string" &&
    "reason" in value && typeof value.reason === "string" &&
    "again" in value && typeof value.again === "boolean";
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
