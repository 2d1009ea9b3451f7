import { openLibrary } from "./library.ts";

// OrtApi is a struct of function pointers whose order never changes: new ones are only appended.
// Each index is the function's place in onnxruntime_c_api.h. Handles are pointers as integers;
// an OrtStatus* of 0 is success. "buffer" is a C string or a place for one result.
const version = 23;
const functions = {
  GetErrorMessage: { index: 2, parameters: ["usize"], result: "pointer" },
  CreateSessionFromArray: {
    index: 8,
    parameters: ["usize", "buffer", "usize", "usize", "buffer"],
    result: "usize",
    nonblocking: true,
  },
  Run: {
    index: 9,
    parameters: ["usize", "usize", "usize", "usize", "usize", "usize", "usize", "usize"],
    result: "usize",
    nonblocking: true,
  },
  CreateSessionOptions: { index: 10, parameters: ["buffer"], result: "usize" },
  SetSessionLogSeverityLevel: { index: 22, parameters: ["usize", "i32"], result: "usize" },
  CreateTensorAsOrtValue: {
    index: 48,
    parameters: ["usize", "buffer", "usize", "i32", "buffer"],
    result: "usize",
  },
  CreateTensorWithDataAsOrtValue: {
    index: 49,
    parameters: ["usize", "usize", "usize", "buffer", "usize", "i32", "buffer"],
    result: "usize",
  },
  GetTensorMutableData: { index: 51, parameters: ["usize", "buffer"], result: "usize" },
  CreateMemoryInfo: {
    index: 68,
    parameters: ["buffer", "i32", "i32", "i32", "buffer"],
    result: "usize",
  },
  CreateCpuMemoryInfo: { index: 69, parameters: ["i32", "i32", "buffer"], result: "usize" },
  AllocatorAlloc: { index: 75, parameters: ["usize", "usize", "buffer"], result: "usize" },
  AllocatorFree: { index: 76, parameters: ["usize", "usize"], result: "usize" },
  ReleaseStatus: { index: 93, parameters: ["usize"], result: "void" },
  ReleaseMemoryInfo: { index: 94, parameters: ["usize"], result: "void" },
  ReleaseSession: { index: 95, parameters: ["usize"], result: "void" },
  ReleaseValue: { index: 96, parameters: ["usize"], result: "void" },
  ReleaseSessionOptions: { index: 100, parameters: ["usize"], result: "void" },
  CreateEnvWithGlobalThreadPools: {
    index: 119,
    parameters: ["i32", "buffer", "usize", "buffer"],
    result: "usize",
  },
  DisablePerSessionThreads: { index: 120, parameters: ["usize"], result: "usize" },
  CreateThreadingOptions: { index: 121, parameters: ["buffer"], result: "usize" },
  ReleaseThreadingOptions: { index: 122, parameters: ["usize"], result: "void" },
  AddSessionConfigEntry: {
    index: 130,
    parameters: ["usize", "buffer", "buffer"],
    result: "usize",
  },
  CreateAllocator: { index: 131, parameters: ["usize", "usize", "buffer"], result: "usize" },
  ReleaseAllocator: { index: 132, parameters: ["usize"], result: "void" },
  CreateAndRegisterAllocator: {
    index: 144,
    parameters: ["usize", "usize", "usize"],
    result: "usize",
  },
  SetGlobalIntraOpNumThreads: { index: 147, parameters: ["usize", "i32"], result: "usize" },
  SetGlobalInterOpNumThreads: { index: 148, parameters: ["usize", "i32"], result: "usize" },
  SetGlobalSpinControl: { index: 149, parameters: ["usize", "i32"], result: "usize" },
  CreateArenaCfg: {
    index: 156,
    parameters: ["usize", "i32", "i32", "i32", "buffer"],
    result: "usize",
  },
  ReleaseArenaCfg: { index: 157, parameters: ["usize"], result: "void" },
  SessionOptionsAppendExecutionProvider_CUDA_V2: {
    index: 204,
    parameters: ["usize", "usize"],
    result: "usize",
  },
  CreateCUDAProviderOptions: { index: 205, parameters: ["buffer"], result: "usize" },
  ReleaseCUDAProviderOptions: { index: 208, parameters: ["usize"], result: "void" },
  SessionOptionsAppendExecutionProvider: {
    index: 216,
    parameters: ["usize", "buffer", "usize", "usize", "usize"],
    result: "usize",
  },
  RegisterExecutionProviderLibrary: {
    index: 301,
    parameters: ["usize", "buffer", "buffer"],
    result: "usize",
  },
  CopyTensors: {
    index: 386,
    parameters: ["usize", "usize", "usize", "usize", "usize"],
    result: "usize",
    nonblocking: true,
  },
} as const;

type Functions = typeof functions;

/** The functions of ONNX Runtime's C interface that the native devices call. */
export type Api = {
  readonly [Name in keyof Functions]: Deno.UnsafeFnPointer<Functions[Name]>["call"];
};

/** Loads ONNX Runtime. */
export function loadApi(): Api {
  const table = new Deno.UnsafePointerView(openLibrary(version));
  const entries = Object.entries(functions).map(([name, definition]) => {
    const pointer = table.getPointer<Deno.ForeignFunction>(definition.index * 8)!;
    const found = new Deno.UnsafeFnPointer<Deno.ForeignFunction>(pointer, definition);
    return [name, found.call.bind(found)];
  });
  return Object.fromEntries(entries) as Api;
}

/**
 * Turns a status into an exception, and frees it.
 *
 * @throws {Error} with ONNX Runtime's message, unless the status is success.
 */
export function check(api: Api, status: bigint): void {
  if (status === 0n) return;
  const message = Deno.UnsafePointerView.getCString(api.GetErrorMessage(status)!);
  api.ReleaseStatus(status);
  throw new Error(`ONNX Runtime: ${message}`);
}

/** The handle that a function leaves in the place it is given. */
export function created(api: Api, create: (place: BigUint64Array<ArrayBuffer>) => bigint): bigint {
  const place = new BigUint64Array(1);
  check(api, create(place));
  return place[0]!;
}

/** Text as C wants it. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** Where an array's elements stand; it must be kept until C has read them. */
export function addressOf(array: ArrayBufferView<ArrayBuffer>): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(array));
}
