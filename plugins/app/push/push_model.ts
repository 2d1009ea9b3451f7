import { pathToFileURL } from "node:url";
import { importLater } from "../../../core/import_later.ts";
import type { PushFile } from "./push_files.ts";

/** What is pushed where. */
export interface PushOptions {
  /** The repository: `"ada/my-clip"`. */
  readonly repository: string;
  readonly files: readonly PushFile[];
  /** Sent to the hub and to nobody else; it is in no message. */
  readonly token: string;
  /** Where the hub is. Default: Hugging Face's. */
  readonly endpoint?: string | undefined;
  /** Whether everybody may see it. A repository that is there keeps its own visibility. */
  readonly isPublic: boolean;
  /** The message of the commit. */
  readonly message: string;
  /** Hears what is done. */
  readonly log: (line: string) => void;
  /** Hears how far it has come, in shares of all bytes. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Pushes a model to the hub in one commit; the repository is made if it is not there. Large files that
 * an earlier try has brought up are not sent again.
 *
 * @returns the address of the commit.
 * @throws {RangeError} if the repository is public and `isPublic` does not say so.
 * @throws {Error} what the hub says against it, without the token.
 */
export async function pushModel(options: PushOptions): Promise<string> {
  const { repository, files, token, endpoint, isPublic, message, log, onProgress, signal } =
    options;
  const { commitIter, createRepo, HubApiError, modelInfo } = await importLater<
    typeof import("./hub.ts")
  >("./hub.ts", import.meta.url);
  const hub = {
    accessToken: token,
    ...(endpoint === undefined ? {} : { hubUrl: endpoint.replace(/\/$/, "") }),
  };
  try {
    const found = await modelInfo({ name: repository, ...hub }).catch((error) => {
      // The hub says 401 of what is not there, or not to be seen.
      if (error instanceof HubApiError && [401, 404].includes(error.statusCode)) return undefined;
      throw error;
    });
    if (found === undefined) {
      const visibility = isPublic ? "public" : "private";
      await createRepo({ repo: { type: "model", name: repository }, visibility, ...hub });
      log(`made the ${visibility} repository ${repository}`);
    } else if (!found.private && !isPublic) {
      throw new RangeError(
        `hf:${repository}: it is public; --public says that the model may be seen`,
      );
    }
    const bytes = new Map(files.map((file) => [file.name, file.bytes]));
    const all = files.reduce((sum, file) => sum + file.bytes, 0);
    const done = new Map<string, number>();
    const commit = commitIter({
      ...hub,
      repo: { type: "model", name: repository },
      title: message,
      operations: files.map(({ name, path }) => ({
        operation: "addOrUpdate",
        path: name,
        content: pathToFileURL(path),
      })),
      ...(signal === undefined ? {} : { abortSignal: signal }),
    });
    for (;;) {
      const step = await commit.next();
      if (step.done) return step.value?.commit.url ?? `hf:${repository}`;
      if (step.value.event === "phase") log(PHASES[step.value.phase]);
      else if (step.value.state === "uploading") {
        const { path, progress } = step.value;
        done.set(path, progress * (bytes.get(path) ?? 0));
        onProgress?.([...done.values()].reduce((a, b) => a + b, 0) / all);
      }
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw error instanceof RangeError ? error : plain(error, repository, token);
  }
}

const PHASES = {
  preuploading: "asking which files are large",
  uploadingLargeFiles: "uploading large files",
  committing: "committing",
};

/** The hub's refusal in a line, whatever it holds but the token. */
function plain(error: unknown, repository: string, token: string): Error {
  const { message, statusCode } = error as { message?: string; statusCode?: number };
  const advice = statusCode === 401 || statusCode === 403
    ? "; does the token of HF_TOKEN have the right to write there?"
    : "; the same command goes on with what is not there yet";
  const reason = `${message ?? error}`.replaceAll(token, "…").replaceAll(/\s*\n\s*/g, " ");
  return new Error(`hf:${repository}: ${reason}${advice}`);
}
