import { z } from "zod";
import { checkContent } from "../../core/check_content.ts";
import { type DataSet, firstWithPicture, pictureId } from "../../core/dataset.ts";
import { readJson, readJsonLines } from "../../core/host/storage/read_json.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";

/** What a folder of neighbours says of itself. */
export interface NeighbourFacts {
  /** The version of this format. */
  readonly format: 1;
  /** The weights that pictures were embedded with, for people. */
  readonly weights: string;
  /** The image tower by all that its embeddings depend on. */
  readonly tower: string;
  /** What was embedded, for people, and by its rows. */
  readonly source: string;
  readonly data: string;
  /** Pictures that have neighbours. */
  readonly pictures: number;
  /** How many each has. */
  readonly neighbours: number;
  /** Pictures a file; the last one may have fewer. */
  readonly rowsAFile: number;
  /** Pictures that could not be decoded, and have none. */
  readonly broken: readonly string[];
}

const factsSchema = z.strictObject({
  format: z.literal(1),
  weights: z.string(),
  tower: z.string(),
  source: z.string(),
  data: z.string(),
  pictures: z.int().min(2),
  neighbours: z.int().min(1),
  rowsAFile: z.int().min(1),
  broken: z.array(z.string()),
});

/** One line of a file: a picture and those that look most like it, the nearest first. */
export interface NeighbourLine {
  readonly id: string;
  readonly neighbours: readonly string[];
}

const lineSchema = z.strictObject({ id: z.string(), neighbours: z.array(z.string()) });

/** The file that says what the others are. */
export const NEIGHBOUR_FACTS = "neighbours.json";

/** The name of a file of lines. */
export function neighbourFile(place: number): string {
  return `neighbours-${String(place).padStart(5, "0")}.jsonl`;
}

/** How many files of lines there are. */
export function countFiles({ pictures, rowsAFile }: NeighbourFacts): number {
  return Math.ceil(pictures / rowsAFile);
}

/** @throws {SyntaxError} if a file holds something else than what neighbours are of. */
export async function readNeighbourFacts(path: string): Promise<NeighbourFacts> {
  return checkNeighbourFacts(path, await readJson(path));
}

/** As {@linkcode readNeighbourFacts}, of what was read. */
export function checkNeighbourFacts(path: string, value: unknown): NeighbourFacts {
  return checkContent(path, "what neighbours are of", factsSchema, value);
}

/**
 * Reads a folder that the command `write-neighbours` left, here or on a server, for data with the
 * same pictures.
 *
 * @returns by the first example with a picture the first ones with its neighbours; none where it could
 *   not be decoded, and for all other examples.
 * @throws {RangeError} if a file is lacking, there are fewer neighbours than wanted, or the data has
 *   other pictures.
 * @throws {SyntaxError} if a file holds something else.
 */
export async function readNeighbourFolder(
  from: string,
  wanted: number,
  { data, assets, rehearsal, log }: Pick<PrepareContext, "data" | "assets" | "rehearsal" | "log">,
): Promise<readonly (readonly number[])[]> {
  const folder = from.replace(/\/+$/, "");
  const facts = await readNeighbourFacts(await assets.file(`${folder}/${NEIGHBOUR_FACTS}`));
  if (facts.neighbours < wanted) {
    throw new RangeError(
      `negclipRows.neighbours: expected at most ${facts.neighbours}, as in ${folder}, found ${wanted}`,
    );
  }
  const neighbours = Array.from({ length: data.length }, (): number[] => []);
  if (rehearsal) {
    // A dry run's generated pictures are in no file.
    const pictures = neighbours.flatMap((_, i) => firstWithPicture(data, i) === i ? [i] : []);
    pictures.forEach((index, place) =>
      neighbours[index] = [pictures[(place + 1) % pictures.length]!]
    );
    return neighbours;
  }
  const places = placesOf(data, folder);
  const find = (id: string, where: string): number => {
    const place = places.get(id);
    if (place !== undefined) return place;
    throw new RangeError(
      `${where}: expected pictures of ${data.name}, found "${id}", which it has not; ` +
        `${folder} is of ${facts.source}`,
    );
  };
  let pictures = 0;
  const files = countFiles(facts);
  for (let place = 0; place < files; place++) {
    const name = neighbourFile(place);
    const file = await assets.optionalFile(`${folder}/${name}`);
    if (file === undefined) {
      throw new RangeError(
        `${folder}: expected ${files} files, found no ${name}; ` +
          `"write-neighbours" was not finished, and the same command goes on`,
      );
    }
    for await (const { line, value } of readJsonLines(file)) {
      const where = `${file}, line ${line}`;
      const found = checkContent(where, "neighbours", lineSchema, value);
      neighbours[find(found.id, where)] = found.neighbours.slice(0, wanted)
        .map((id) => find(id, where));
      pictures++;
    }
  }
  for (const id of facts.broken) find(id, `${folder}/${NEIGHBOUR_FACTS}`);
  if (pictures !== facts.pictures || pictures + facts.broken.length !== places.size) {
    throw new RangeError(
      `${folder}: expected neighbours of ${places.size} pictures, all of ${data.name}, found those ` +
        `of ${pictures}, and ${facts.broken.length} that could not be decoded`,
    );
  }
  log(`neighbours from ${folder}, by ${facts.weights}`);
  return neighbours;
}

/** The first example with each picture, by what names it. */
function placesOf(data: DataSet, folder: string): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (let index = 0; index < data.length; index++) {
    if (firstWithPicture(data, index) !== index) continue;
    const id = pictureId(data, index);
    if (places.has(id)) {
      throw new RangeError(
        `${data.name}: expected another name for each picture, by which ${folder} has them, found ` +
          `"${id}" twice`,
      );
    }
    places.set(id, index);
  }
  return places;
}
