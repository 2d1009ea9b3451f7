import { type Api, check, created, cString, loadApi } from "./api.ts";
import { askForHugePages } from "./huge_pages.ts";

/** How the native library computes. */
export interface EnvironmentOptions {
  /** Threads that share the work of an operator; 0 is one for each physical core. */
  readonly threads: number;
  /**
   * Whether idle threads wait for work in a busy loop. Between the operators of a step that costs
   * half as much processor time again, which the composing of batches then lacks.
   */
  readonly spinning: boolean;
}

// What goes wrong comes back as a status; the log would only print it a second time.
const severityFatal = 4;
const deviceAllocator = 0;
const arenaAllocator = 1;
const memTypeDefault = 0;
const extendByPowersOfTwo = 0;
// The system gives memory only to pages that are touched, so a large first region costs nothing,
// and within one region the arena merges all that is free: programs of every size then share it.
const firstRegionBytes = 2 ** 30;
// All but what the making of the first session may have taken.
const freeOfFirstRegion = firstRegionBytes * 15 / 16;

/**
 * One thread pool and one arena for temporaries, shared by all sessions. ONNX Runtime itself keeps
 * one environment a process, which stays: the first one's options hold for all.
 */
export class Environment {
  readonly api: Api;
  /** Describes the memory of tensors: ordinary, not from the arena. */
  readonly memoryInfo: bigint;
  readonly #handle: bigint;
  // Memory that another thread reads: it must not be collected.
  readonly #requests = new Set<object>();
  #references = 1;
  #arenaAsked = false;

  /**
   * @param api ONNX Runtime, where it is loaded already.
   * @throws {Error} if ONNX Runtime does not load.
   */
  constructor({ threads, spinning }: EnvironmentOptions, api: Api = loadApi()) {
    this.api = api;
    const threading = created(api, api.CreateThreadingOptions);
    try {
      check(api, api.SetGlobalIntraOpNumThreads(threading, threads));
      check(api, api.SetGlobalInterOpNumThreads(threading, 1));
      check(api, api.SetGlobalSpinControl(threading, spinning ? 1 : 0));
      this.#handle = created(
        api,
        (place) =>
          api.CreateEnvWithGlobalThreadPools(severityFatal, cString("syntagma"), threading, place),
      );
    } finally {
      api.ReleaseThreadingOptions(threading);
    }
    this.memoryInfo = created(
      api,
      (place) => api.CreateCpuMemoryInfo(deviceAllocator, memTypeDefault, place),
    );
    this.#shareArena();
  }

  #shareArena(): void {
    const { api } = this;
    const info = this.#arenaInfo();
    const config = created(
      api,
      (place) => api.CreateArenaCfg(0n, extendByPowersOfTwo, firstRegionBytes, -1, place),
    );
    try {
      check(api, api.CreateAndRegisterAllocator(this.#handle, info, config));
    } finally {
      api.ReleaseArenaCfg(config);
      api.ReleaseMemoryInfo(info);
    }
  }

  #arenaInfo(): bigint {
    const { api } = this;
    return created(
      api,
      (place) => api.CreateCpuMemoryInfo(arenaAllocator, memTypeDefault, place),
    );
  }

  /** Asks for huge pages in the arena's first region: a session can borrow from it what is free there. */
  #arenaInHugePages(session: bigint): void {
    if (this.#arenaAsked) return;
    this.#arenaAsked = true;
    const { api } = this;
    const info = this.#arenaInfo();
    const arena = created(api, (place) => api.CreateAllocator(session, info, place));
    try {
      const place = new BigUint64Array(1);
      const status = api.AllocatorAlloc(arena, BigInt(freeOfFirstRegion), place);
      // Where so much cannot be had, the arena makes do with smaller regions.
      if (status !== 0n) return api.ReleaseStatus(status);
      askForHugePages(place[0]!, freeOfFirstRegion);
      check(api, api.AllocatorFree(arena, place[0]!));
    } finally {
      api.ReleaseAllocator(arena);
      api.ReleaseMemoryInfo(info);
    }
  }

  /** ONNX Runtime's own handle. */
  get handle(): bigint {
    return this.#handle;
  }

  /** Sets one of the options of a session that have a name. */
  set(options: bigint, name: string, value: string): void {
    check(this.api, this.api.AddSessionConfigEntry(options, cString(name), cString(value)));
  }

  /**
   * Makes a session of an ONNX model.
   *
   * @param configure Changes the session's options. Default: the session computes on the processor.
   * @throws {Error} with ONNX Runtime's message if it does not accept the model.
   */
  async createSession(model: Uint8Array, configure?: (options: bigint) => void): Promise<bigint> {
    const { api } = this;
    const options = created(api, api.CreateSessionOptions);
    const request = { model: offHeap(model), place: new BigUint64Array(new ArrayBuffer(8)) };
    this.#references++;
    this.#requests.add(request);
    try {
      check(api, api.SetSessionLogSeverityLevel(options, severityFatal));
      check(api, api.DisablePerSessionThreads(options));
      this.set(options, "session.use_env_allocators", "1");
      configure?.(options);
      check(
        api,
        await api.CreateSessionFromArray(
          this.#handle,
          request.model,
          BigInt(model.byteLength),
          options,
          request.place,
        ),
      );
      const session = request.place[0]!;
      this.#arenaInHugePages(session);
      return session;
    } catch (error) {
      this.release();
      throw explained(error);
    } finally {
      this.#requests.delete(request);
      api.ReleaseSessionOptions(options);
    }
  }

  /** Frees a session. */
  releaseSession(session: bigint): void {
    this.api.ReleaseSession(session);
    this.release();
  }

  /** Gives the opener's hold back; what is its own is freed once the last session is gone too. */
  release(): void {
    if (--this.#references > 0) return;
    this.api.ReleaseMemoryInfo(this.memoryInfo);
    // ReleaseEnv is never called. ONNX Runtime gives its lock back before a released environment is
    // gone, and refuses one that another thread asks for meanwhile; so the process keeps its own.
  }
}

// Small typed arrays live on the heap, where they may move while another thread reads them.
function offHeap(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(new ArrayBuffer(bytes.byteLength));
  copy.set(bytes);
  return copy;
}

function explained(error: unknown): unknown {
  if (!(error instanceof Error && error.message.includes("EnvCreatedWithGlobalThreadPools"))) {
    return error;
  }
  return new Error(
    "device cpu: something else in this process, such as onnxruntime-node's own interface, started " +
      "ONNX Runtime first, with threads that can't be shared; open the device before it",
    { cause: error },
  );
}
