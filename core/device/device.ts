/**
 * Where programs run: the face that native CPU, WebGPU, CUDA and wasm have in common.
 *
 * @module
 */
import type { DType, Shape } from "../graph/tensor.ts";
import type { Signature } from "../graph/to_model.ts";

/** The devices there are. */
export type DeviceKind = "cpu" | "webgpu" | "cuda" | "wasm";

/** Values of a tensor on the host, in row-major order; bool as bytes of 0 and 1. */
export type HostArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array;

/** A tensor's memory on a device. It is freed once, by {@linkcode DeviceTensor.dispose}. */
export interface DeviceTensor {
  /** Type of each element. */
  readonly dtype: DType;
  /** Static shape; `[]` for a scalar. */
  readonly shape: Shape;
  /** Size in bytes. */
  readonly bytes: number;
  /** A copy of the values on the host. */
  read(): Promise<HostArray>;
  /**
   * The values where they stand, on a device whose memory is the host's: to be read and changed in
   * place as long as nothing else is done with the tensor.
   */
  view?(): HostArray;
  /**
   * New values from the host, in the same memory where the device allows it.
   *
   * @throws {TypeError} if type or length differ.
   */
  write(data: HostArray): void;
  /** Sets every value to zero. */
  clear(): void;
  /**
   * Gives the memory back.
   *
   * @throws {Error} if that was done before.
   */
  dispose(): void;
}

/** A compiled graph. */
export interface Program {
  /**
   * Runs the program.
   *
   * @param inputs A tensor for each input, by its name.
   * @param into Outputs whose values replace those of a tensor that stands already. It may be one
   *   of the inputs: the program then reads the old value and leaves the new one.
   * @returns the other outputs, in memory that now belongs to the caller.
   * @throws {TypeError} if an input is missing, has another shape or type, or is not known.
   */
  run(
    inputs: Readonly<Record<string, DeviceTensor>>,
    into?: Readonly<Record<string, DeviceTensor>>,
  ): Promise<Record<string, DeviceTensor>>;
  /** Frees the program. */
  dispose(): Promise<void>;
}

/** Tensors by the names of a program's inputs or outputs. */
export type Tensors = Parameters<Program["run"]>[0];

/** A place where programs run. */
export interface Device {
  /** Which of the devices it is. */
  readonly kind: DeviceKind;
  /** For people: the adapter or processor. */
  readonly description: string;
  /** Why this device was chosen. */
  readonly reason: string;
  /** Whether it computes in float16. */
  readonly halfPrecision: boolean;
  /** What it can hold, in its own terms. */
  readonly limits: Readonly<Record<string, number>>;
  /** Values of a matrix up to which its products run at their full rate. Absent where more are never slower. */
  readonly matrixValues?: number;
  /**
   * Copies values to the device.
   *
   * @throws {TypeError} if the number of values does not fit the shape.
   */
  upload(data: HostArray, shape: Shape, dtype: DType): DeviceTensor;
  /** Zeros on the device. */
  zeros(shape: Shape, dtype: DType): DeviceTensor;
  /** Programs that are compiled once for all who need them, and stay until the device is disposed. */
  readonly programs: {
    /**
     * The program for a key, compiled on first use.
     *
     * @param owners The things whose graph it is (a model, a loss), each by its identity.
     * @param key What it is compiled for, beyond them: shapes.
     */
    get<P extends { dispose(): Promise<void> }>(
      owners: readonly object[],
      key: string,
      compile: () => Promise<P>,
    ): Promise<P>;
    /** Frees all programs. */
    dispose(): Promise<void>;
  };
  /**
   * Makes a program of a graph.
   *
   * @param options How it is compiled.
   * @param options.inPlace Whether an output may be written while the input that it replaces is still
   *   in use, because every node that reads the old value comes before the one that writes the new (an
   *   elementwise update; an addition onto a sum). Saves the CPU a second buffer. Default false.
   */
  compile(signature: Signature, options?: { readonly inPlace?: boolean }): Promise<Program>;
  /** Frees everything that the device itself holds, programs of its cache included. */
  dispose(): Promise<void>;
}
