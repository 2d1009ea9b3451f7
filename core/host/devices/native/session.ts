import { addressOf, check } from "./api.ts";
import type { Environment } from "./environment.ts";

/** The arguments of one run: OrtValues in the order of the session's names. */
export interface Frame {
  readonly inputs: BigUint64Array<ArrayBuffer>;
  readonly outputs: BigUint64Array<ArrayBuffer>;
}

/** A model that ONNX Runtime has made ready, with the names of its inputs and outputs. */
export class Session {
  readonly #environment: Environment;
  readonly #handle: bigint;
  readonly #inputNames: Strings;
  readonly #outputNames: Strings;
  readonly #spareFrames: Frame[] = [];

  private constructor(
    environment: Environment,
    handle: bigint,
    inputNames: readonly string[],
    outputNames: readonly string[],
  ) {
    this.#environment = environment;
    this.#handle = handle;
    this.#inputNames = new Strings(inputNames);
    this.#outputNames = new Strings(outputNames);
  }

  /**
   * Makes a session of an ONNX model's bytes.
   *
   * @param configure Changes the session's options. Default: it computes on the processor.
   * @throws {Error} with ONNX Runtime's message if it does not accept the model.
   */
  static async create(
    environment: Environment,
    model: Uint8Array,
    inputNames: readonly string[],
    outputNames: readonly string[],
    configure?: (options: bigint) => void,
  ): Promise<Session> {
    const handle = await environment.createSession(model, configure);
    return new Session(environment, handle, inputNames, outputNames);
  }

  /** ONNX Runtime's own handle. */
  get handle(): bigint {
    return this.#handle;
  }

  /** A place for the arguments of a run; {@linkcode Session.run} takes it back. */
  frame(): Frame {
    return this.#spareFrames.pop() ?? {
      inputs: new BigUint64Array(new ArrayBuffer(8 * this.#inputNames.count)),
      outputs: new BigUint64Array(new ArrayBuffer(8 * this.#outputNames.count)),
    };
  }

  /**
   * Computes the outputs from the inputs, on another thread. The values must stay until then.
   *
   * @throws {Error} with ONNX Runtime's message if an operator fails.
   */
  async run(frame: Frame): Promise<void> {
    const { api } = this.#environment;
    const status = await api.Run(
      this.#handle,
      0n,
      this.#inputNames.address,
      addressOf(frame.inputs),
      BigInt(frame.inputs.length),
      this.#outputNames.address,
      BigInt(frame.outputs.length),
      addressOf(frame.outputs),
    );
    this.#spareFrames.push(frame);
    check(api, status);
  }

  /** Frees the session; no run may be under way. */
  dispose(): void {
    this.#environment.releaseSession(this.#handle);
  }
}

/** An array of C strings. */
class Strings {
  readonly count: number;
  readonly address: bigint;
  // Held so that the memory stays.
  readonly #pointers: BigUint64Array<ArrayBuffer>;
  readonly #characters: Uint8Array<ArrayBuffer>;

  constructor(texts: readonly string[]) {
    this.count = texts.length;
    const encoder = new TextEncoder();
    const encoded = texts.map((text) => encoder.encode(`${text}\0`));
    const bytes = encoded.reduce((sum, { length }) => sum + length, 0);
    this.#characters = new Uint8Array(new ArrayBuffer(bytes));
    this.#pointers = new BigUint64Array(new ArrayBuffer(8 * texts.length));
    const start = addressOf(this.#characters);
    let offset = 0;
    encoded.forEach((text, i) => {
      this.#characters.set(text, offset);
      this.#pointers[i] = start + BigInt(offset);
      offset += text.length;
    });
    this.address = addressOf(this.#pointers);
  }
}
