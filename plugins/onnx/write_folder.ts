import { join } from "node:path";
import type { Assets } from "../../core/assets.ts";
import { joinAddress } from "../../core/host/assets/address.ts";
import { writeFileAtomically } from "../../core/host/storage/atomic_file.ts";
import type { HostTensor } from "../../core/model.ts";
import { COMPANIONS } from "../clip/companions.ts";
import { writeGraph } from "./graph_values.ts";
import { DESCRIPTION, type LocatedOptions } from "./locate_graphs.ts";
import type { SimilarityParameter } from "./logit_scale.ts";
import type { OnnxFile } from "./onnx_file.ts";
import type { OnnxOptions } from "./onnx_options.ts";
import type { TextLength } from "./text_files.ts";
import { foldersOf } from "./text_files.ts";
import type { TowerFile } from "./tower_file.ts";

/** What a folder is written of. */
export interface WrittenModel {
  readonly towers: readonly TowerFile[];
  readonly options: LocatedOptions;
  readonly length: TextLength;
  /** The logit scale, and the bias where there is one. */
  readonly similarity: readonly [SimilarityParameter, SimilarityParameter?];
  /** The folder of the tokenizer's files. */
  readonly tokenizer: string | undefined;
}

/**
 * Writes both graphs with new values, the files beside them, and a description by which the folder is
 * read again.
 */
export async function writeOnnxFolder(
  folder: string,
  values: ReadonlyMap<string, HostTensor>,
  { towers, options, length, similarity, tokenizer }: WrittenModel,
  assets: Assets,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const files = [...new Set(towers.map(({ file }) => file))];
  const isApart = haveSameNames(files);
  const placeOf = ({ file, part }: TowerFile) => isApart ? `${part}/${file.name}` : file.name;
  const written = new Set<OnnxFile>();
  for (const tower of towers) {
    const { file } = tower;
    if (written.has(file)) continue;
    written.add(file);
    const own = new Map<string, HostTensor>();
    for (const { names } of towers.filter((each) => each.file === file)) {
      for (const [name, as] of names) own.set(name, values.get(as)!);
    }
    for (const each of similarity) {
      if (each?.held?.file !== file) continue;
      own.set(each.held.initializer, each.held.write(values.get(each.parameter.name)!));
    }
    const target = isApart ? join(folder, tower.part) : folder;
    await Deno.mkdir(target, { recursive: true });
    await writeGraph(target, file, own);
  }
  const folders = towers.flatMap(({ file }) => foldersOf(file.address));
  const sources = [...new Set([...(tokenizer === undefined ? [] : [tokenizer]), ...folders])];
  for (const name of COMPANIONS) {
    for (const source of sources) {
      const path = await assets.optionalFile(joinAddress(source, name));
      if (path === undefined) continue;
      await writeFileAtomically(join(folder, name), await Deno.readFile(path));
      break;
    }
  }
  const text = towers.find(({ part }) => part === "text")!;
  const image = towers.find(({ part }) => part === "image");
  const { imageGraph, textGraph, normalization, size } = options;
  const [scale, bias] = similarity;
  const valueOf = ({ parameter }: SimilarityParameter) => values.get(parameter.name)!.data[0]!;
  const described: OnnxOptions = {
    text: placeOf(text),
    ...(image === undefined ? {} : { image: placeOf(image) }),
    textGraph: { ...textGraph, output: text.output },
    ...(image === undefined ? {} : { imageGraph: { ...imageGraph, output: image.output } }),
    ...(tokenizer === undefined ? { tokenizer: "clip" } : {}),
    contextLength: length.contextLength,
    length: length.isFull ? "full" : "cut",
    ...(normalization === undefined ? {} : { normalization }),
    ...(size === undefined ? {} : { size }),
    ...(scale.held === undefined ? { logitScale: Math.exp(valueOf(scale)) } : {}),
    ...(bias === undefined || bias.held !== undefined ? {} : { logitBias: valueOf(bias) }),
  };
  await writeFileAtomically(
    join(folder, DESCRIPTION),
    `${JSON.stringify(described, null, 2)}\n`,
  );
}

/** Whether two files, or what stands beside them, would be written to one place. */
function haveSameNames(files: readonly OnnxFile[]): boolean {
  const names = files.flatMap(({ name, beside }) => [name, ...beside.keys()]);
  return new Set(names).size !== names.length;
}
