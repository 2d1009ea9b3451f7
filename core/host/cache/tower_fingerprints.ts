import { createHash } from "node:crypto";
import { input } from "../../graph/node.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { toModel } from "../../graph/to_model.ts";
import type { DualEncoder, HostTensor, ParameterLookup } from "../../model.ts";
import type { Device } from "../../device/device.ts";
import { parameterSymbols } from "../../towers/symbols.ts";

/** Texts whose token ids tell one tokenizer from another. */
const PROBES = [
  "a photo of a cat.",
  "Zwölf 12 boxes; it's  <b>RED</b>!",
  "🐈 猫 naïve",
  // What some tokenizers repair, compose, make small or end at, and others do not.
  "“ﬁne” &amp; cafe\u0301 ΟΔΟΣ ｆｕｌｌ Ã©",
  "a <|endoftext|> b <end_of_text> c",
];

/** Changes where decoding or resizing of pictures comes to give other pixels. */
const PIXELS = 2;

/** Names each tower of a model. */
export interface TowerFingerprints {
  /** Of the image tower, with preprocessing. */
  readonly image: string;
  /** Of the text tower, with the tokenizer. */
  readonly text: string;
}

/**
 * A SHA-256 in hexadecimal of all that a tower's embeddings depend on: the values of its parameters,
 * what it computes, the preprocessing or the tokenizer with the longest text, and the kind of device,
 * whose rounding differs from that of others. Towers with the same fingerprint give the same
 * embeddings.
 *
 * @param valueOf The value in use of a parameter; asked for one after another.
 */
export async function towerFingerprints(
  model: DualEncoder,
  valueOf: (name: string) => HostTensor | Promise<HostTensor>,
  device: Pick<Device, "kind">,
): Promise<TowerFingerprints> {
  const { image, text, tokenizer, preprocessing } = model;
  const hashTower = async (
    settings: readonly unknown[],
    inputs: readonly Tensor[],
    encode: (lookup: ParameterLookup) => Tensor,
  ): Promise<string> => {
    const hash = createHash("sha256");
    hash.update(JSON.stringify([device.kind, ...settings]));
    const symbols = parameterSymbols(model);
    const outputs = { output: encode(symbols.lookup) };
    hash.update(toModel({ inputs: [...inputs, ...symbols.used.values()], outputs }));
    for (const name of [...symbols.used.keys()].toSorted()) {
      const { data, shape } = await valueOf(name);
      hash.update(JSON.stringify([name, shape]));
      hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
    return hash.digest("hex");
  };
  const pixels = input("pixels", "float32", [1, 3, image.size, image.size]);
  const ids = input("ids", "int64", [1, text.contextLength]);
  const end = input("end", "int64", [1]);
  const tokens = PROBES.map((probe) => tokenizer.encode(probe, text.contextLength));
  return {
    image: await hashTower(
      [PIXELS, preprocessing],
      [pixels],
      (lookup) => image.encode(pixels, lookup),
    ),
    text: await hashTower(
      [text.contextLength, tokenizer.padding, tokens],
      [ids, end],
      (lookup) => text.encode(ids, end, lookup),
    ),
  };
}
