/**
 * ONNX models as files, with the files beside them that hold values.
 *
 * @module
 */
import { basename, dirname } from "node:path";
import type { Assets } from "../../core/assets.ts";
import { joinAddress } from "../../core/host/assets/address.ts";
import { type OnnxModel, parseModel } from "../../core/graph/onnx/parse_model.ts";
import { type ExternalData, externalPlace } from "../../core/graph/onnx/tensor_values.ts";
import { partInitializers } from "./merged_initializers.ts";

/** A model's file. */
export interface OnnxFile {
  /** Its address, as it was given. */
  readonly address: string;
  /** Its name. */
  readonly name: string;
  readonly model: OnnxModel;
  /** Reads values that stand beside it. */
  readonly external: ExternalData;
  /** Files on this machine that hold values, by the name that the model gives them. */
  readonly beside: ReadonlyMap<string, string>;
  /** The model once more, with its values, which {@linkcode OnnxFile.model} may be freed of. */
  reread(): Promise<OnnxModel>;
}

/**
 * Opens a model. Values may stand in files of its folder or below it, and nowhere else.
 *
 * @throws {SyntaxError | RangeError} if it is none, or names a file elsewhere.
 */
export async function openOnnxFile(address: string, assets: Assets): Promise<OnnxFile> {
  const path = await assets.file(address);
  const parsed = async () => parseModel(await Deno.readFile(path), address);
  const model = await parsed();
  const beside = new Map<string, string>();
  for (const tensor of model.proto.graph!.initializer) {
    const location = externalPlace(tensor)?.location;
    if (location === undefined || beside.has(location)) continue;
    if (!isInside(location)) {
      throw new RangeError(
        `${address}: initializer "${tensor.name}": expected values in the folder of the model, found ` +
          `"${location}"`,
      );
    }
    beside.set(location, await assets.file(joinAddress(dirname(address), location)));
  }
  const external: ExternalData = ({ location, offset, length }) =>
    readPart(beside.get(location)!, offset, length);
  const parted = (model: OnnxModel) => {
    partInitializers(model.proto.graph!, external);
    return model;
  };
  const reread = async () => parted(await parsed());
  return { address, name: basename(address), model: parted(model), external, beside, reread };
}

/** Whether a relative path leads nowhere else: no step up, no root, no drive, no address. */
function isInside(location: string): boolean {
  const steps = location.split("/");
  return !/[\\:\0]/.test(location) && steps.every((step) => !["", "..", "."].includes(step));
}

function readPart(path: string, offset: number, length: number | undefined): Uint8Array {
  using file = Deno.openSync(path);
  const { size } = file.statSync();
  const wanted = length ?? size - offset;
  if (offset + wanted > size) {
    throw new SyntaxError(`${path}: expected ${offset + wanted} bytes, found ${size}`);
  }
  file.seekSync(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(wanted);
  for (let read = 0; read < wanted;) {
    const count = file.readSync(bytes.subarray(read));
    if (count === null) throw new SyntaxError(`${path}: ended after ${offset + read} bytes`);
    read += count;
  }
  return bytes;
}
