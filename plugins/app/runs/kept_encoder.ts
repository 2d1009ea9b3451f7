import type { Encoder } from "../../../core/evaluator.ts";
import { cachedEncoder } from "../../../core/host/cache/embedding_cache.ts";
import { towerFingerprints } from "../../../core/host/cache/tower_fingerprints.ts";
import { alone, type Exchange } from "../../../core/processes/exchange.ts";
import type { Device } from "../../../core/device/device.ts";
import type { DualEncoder } from "../../../core/model.ts";
import { type DeviceParameters, valuesOnDevice } from "../../../core/towers/device_parameters.ts";

/** Whose embeddings are kept, and where. */
export interface KeptEncoderOptions {
  /** The model that the encoder embeds with. */
  readonly model: DualEncoder;
  /** Its values. */
  readonly parameters: DeviceParameters;
  /** Where it runs. */
  readonly device: Device;
  /** The folder in which embeddings are kept; without one they are computed anew. */
  readonly embeddings?: string | undefined;
  /** Where the processes meet that share the run. Default: this one is alone. */
  readonly exchange?: Exchange;
  /** Hears when they cannot be kept. */
  readonly log: (line: string) => void;
}

/** The encoder, in front of it the folder in which a run keeps embeddings, where it has one. */
export async function keptEncoder(
  encoder: Encoder,
  { model, parameters, device, embeddings, exchange = alone, log }: KeptEncoderOptions,
): Promise<Encoder> {
  if (embeddings === undefined) return encoder;
  const keys = await towerFingerprints(model, valuesOnDevice(parameters), device);
  return cachedEncoder(encoder, { folder: embeddings, keys, exchange, log });
}
