/**
 * Exported graphs as a dual encoder.
 *
 * @module
 */
import type { Context } from "../../core/context.ts";
import { input, sizeOf } from "../../core/graph/node.ts";
import type { DualEncoder, HostTensor, ImageTower } from "../../core/model.ts";
import { parameterSymbols } from "../../core/towers/symbols.ts";
import { readGraphValues } from "./graph_values.ts";
import { imageGraph, pictureSide } from "./image_graph.ts";
import { locateGraphs } from "./locate_graphs.ts";
import { logitBiasOf, logitScaleOf } from "./logit_scale.ts";
import { openOnnxFile } from "./onnx_file.ts";
import type { OnnxOptions } from "./onnx_options.ts";
import { findPreprocessing } from "./preprocessing.ts";
import { textLength, textTokenizer } from "./text_files.ts";
import { textGraph } from "./text_graph.ts";
import { freeValues, type TowerFile, towerFile } from "./tower_file.ts";
import { writeOnnxFolder } from "./write_folder.ts";

/**
 * Reads both graphs and what belongs to them.
 *
 * @throws {SyntaxError | TypeError | RangeError} that names the file, and the node, that cannot be read.
 */
export async function loadOnnx(
  given: OnnxOptions,
  { assets, log }: Pick<Context, "assets" | "log">,
): Promise<DualEncoder> {
  const options = await locateGraphs(given, assets);
  const textFile = await openOnnxFile(options.text, assets);
  const imageFile = options.image === undefined
    ? undefined
    : options.image === options.text
    ? textFile
    : await openOnnxFile(options.image, assets);
  const texts = towerFile(textFile, "text", options.textGraph);
  const images = imageFile && towerFile(imageFile, "image", options.imageGraph, texts);
  const towers = images === undefined ? [texts] : [images, texts];
  towers.forEach(freeValues);

  const { tokenizer, folder } = await textTokenizer(options, assets);
  const length = await textLength(textFile, options, folder, assets);
  const files = towers.map(({ file }) => file);
  const scale = logitScaleOf(files, options.logitScale);
  if (scale.held === undefined && options.logitScale === undefined) {
    log("onnxModel.logitScale: no file tells it, similarities begin at 1 / 0.07 times a cosine");
  }
  const bias = logitBiasOf(files, options.logitBias);
  const similarity = bias === undefined ? [scale] as const : [scale, bias] as const;
  const parameters = [
    ...towers.flatMap(({ parameters }) => parameters),
    ...similarity.map(({ parameter }) => parameter),
  ];
  const parameterOf = ({ names }: TowerFile) => (name: string) => names.get(name);
  const text = textGraph(textFile, {
    ...length,
    output: texts.output,
    pooling: options.textGraph?.pooling,
    padding: tokenizer.padding,
    parameterOf: parameterOf(texts),
  });
  const side = imageFile === undefined ? undefined : pictureSide(imageFile);
  const preprocessing = await findPreprocessing(options, side, assets);
  const image = images === undefined ? noPictures(options.text) : imageGraph(images.file, {
    output: images.output,
    pooling: options.imageGraph?.pooling,
    size: preprocessing.size,
    parameterOf: parameterOf(images),
  });
  // Read once at once, so that what cannot be read is said before any work.
  const { lookup } = parameterSymbols({ parameters });
  const ids = input("ids", "int64", [1, length.contextLength]);
  const dim = text.encode(ids, input("end", "int64", [1]), lookup).shape[1]!;
  if (images !== undefined) {
    const pixels = input("pixels", "float32", [1, 3, image.size, image.size]);
    const found = image.encode(pixels, lookup).shape[1];
    if (found !== dim) {
      throw new RangeError(
        `${options.image}: expected embeddings of ${dim} numbers, as ${options.text} gives, found ${found}`,
      );
    }
  }
  const numbers = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  log(`${given.weights ?? options.text}: ${numbers} numbers in ${parameters.length} parameters`);
  return {
    name: `ONNX (${given.weights ?? options.text})`,
    dim,
    image,
    text,
    tokenizer,
    preprocessing,
    parameters,
    logitScale: scale.parameter.name,
    ...(bias === undefined ? {} : { logitBias: bias.parameter.name }),
    async read(asked) {
      const isAsked = asked && new Set(asked);
      const values = new Map<string, HostTensor>();
      for (const { file, names, parameters } of towers) {
        const shapes = new Map(parameters.map(({ name, shape }) => [name, shape]));
        const wanted = [...names].flatMap(([name, as]) => {
          const shape = shapes.get(as);
          return shape === undefined || isAsked?.has(as) === false ? [] : [{ name, shape }];
        });
        if (wanted.length === 0) continue;
        for (const [name, value] of await readGraphValues(file, wanted)) {
          values.set(names.get(name)!, value);
        }
      }
      for (const { parameter: { name }, read } of similarity) {
        if (isAsked?.has(name) !== false) values.set(name, await read());
      }
      return values;
    },
    write: (target, values) =>
      writeOnnxFolder(
        target,
        values,
        { towers, options, length, similarity, tokenizer: folder },
        assets,
      ),
  };
}

/** The place of an image tower in a model that has none. */
function noPictures(text: string): ImageTower {
  return {
    size: 1,
    encode: () => {
      throw new RangeError(
        `onnxModel.image: expected a graph of pictures beside ${text}, found none`,
      );
    },
  };
}
