import { fileURLToPath } from "node:url";
// Puts the package into the module graph, so that Deno fetches it and can resolve a path within it.
// None of the package's own code is run.
import "onnxruntime-node/package.json" with { type: "json" };

const VARIABLE = "SYNTAGMA_ONNXRUNTIME";

const fileNames: Readonly<Partial<Record<typeof Deno.build.os, string>>> = {
  linux: "libonnxruntime.so.1",
  darwin: "libonnxruntime.1.dylib",
  windows: "onnxruntime.dll",
};

/**
 * ONNX Runtime's shared library: the one that the variable `SYNTAGMA_ONNXRUNTIME` names, or
 * onnxruntime-node's for this machine.
 *
 * @throws {Error} if there is none for this machine.
 */
export function libraryPath(): string {
  const named = namedLibrary();
  if (named !== undefined) return named;
  const { os, arch } = Deno.build;
  const fileName = fileNames[os];
  if (fileName === undefined) {
    throw new Error(`device cpu: onnxruntime-node has no library for ${os}`);
  }
  const platform = os === "windows" ? "win32" : os;
  const processor = arch === "x86_64" ? "x64" : "arm64";
  const manifest = import.meta.resolve("onnxruntime-node/package.json");
  return fileURLToPath(new URL(`bin/napi-v6/${platform}/${processor}/${fileName}`, manifest));
}

function namedLibrary(): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: VARIABLE });
  return state === "granted" ? Deno.env.get(VARIABLE) || undefined : undefined;
}

/**
 * Loads the library and asks for its table of functions. The library stays loaded until the process
 * ends: unloading code that may still run on other threads is not safe.
 *
 * @throws {Error} if there is no library for this machine, or it is older than `version`.
 */
export function openLibrary(version: number): Deno.PointerObject {
  const path = libraryPath();
  const { symbols } = loaded(path);
  const base = new Deno.UnsafePointerView(symbols.OrtGetApiBase()!);
  const getApi = new Deno.UnsafeFnPointer(base.getPointer(0)!, {
    parameters: ["u32"],
    result: "pointer",
  });
  const table = getApi.call(version);
  if (table === null) {
    throw new Error(`device cpu: ${path} does not offer version ${version} of ONNX Runtime's API`);
  }
  return table;
}

function loaded(path: string) {
  try {
    return Deno.dlopen(path, { OrtGetApiBase: { parameters: [], result: "pointer" } });
  } catch (cause) {
    if (path !== namedLibrary()) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${VARIABLE}: ${path} is no library of ONNX Runtime: ${message}`, { cause });
  }
}
