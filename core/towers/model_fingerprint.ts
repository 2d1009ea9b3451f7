import { createHash } from "node:crypto";
import { input, toModel } from "../graph/mod.ts";
import type { DualEncoder, HostTensor } from "../model.ts";
import type { Device } from "../runtime/mod.ts";
import { parameterSymbols } from "./symbols.ts";

/** Texts whose token ids tell one tokenizer from another. */
const PROBES = ["a photo of a cat.", "Zwölf 12 boxes; it's  <b>RED</b>!", "🐈 猫 naïve"];

/** Changes where decoding or resizing of pictures comes to give other pixels. */
const PIXELS = 1;

/**
 * A SHA-256 in hexadecimal of all that embeddings depend on: the values of the parameters, what the
 * towers compute, preprocessing, tokenizer, the longest text, and the kind of device, whose rounding
 * differs from that of others. Two models with the same fingerprint give the same embeddings.
 *
 * @param values The values in use, by name.
 */
export function modelFingerprint(
  model: DualEncoder,
  values: ReadonlyMap<string, HostTensor>,
  device: Pick<Device, "kind">,
): string {
  const hash = createHash("sha256");
  const { image, text, tokenizer, preprocessing } = model;
  hash.update(JSON.stringify([
    PIXELS,
    device.kind,
    preprocessing,
    text.contextLength,
    tokenizer.padding,
    PROBES.map((probe) => tokenizer.encode(probe, text.contextLength)),
  ]));
  const side = image.size;
  const symbols = parameterSymbols(model);
  const pixels = input("pixels", "float32", [1, 3, side, side]);
  const ids = input("ids", "int64", [1, text.contextLength]);
  const end = input("end", "int64", [1]);
  const outputs = {
    image: image.encode(pixels, symbols.lookup),
    text: text.encode(ids, end, symbols.lookup),
  };
  hash.update(toModel({ inputs: [pixels, ids, end, ...symbols.used.values()], outputs }));
  for (const { name } of model.parameters) {
    const { data, shape } = values.get(name)!;
    hash.update(JSON.stringify([name, shape]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}
