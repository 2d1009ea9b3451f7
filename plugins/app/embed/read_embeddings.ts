import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { join } from "node:path";
import { z } from "zod";
import { checkContent } from "../../../core/check_content.ts";
import { checkEmbeddings } from "../../../core/embedding_error.ts";
import { readJson, readJsonLines } from "../../../core/host/storage/read_json.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import { parseJson } from "../../../core/parse_json.ts";
import { type EmbedFacts, FACTS_FILE, factsSchema } from "./embed_all.ts";
import { faultsName, type PartFormat, partName } from "./embed_part.ts";

/** Pictures that were embedded ahead. */
export interface PictureEmbeddings {
  /** Of what they are, by what. */
  readonly facts: Pick<EmbedFacts, "weights" | "source" | "towers" | "data" | "dim">;
  /** What names each picture. */
  readonly ids: readonly string[];
  /** The rows of file after file, `[count, dim]`. */
  readonly files: readonly Float32Array[];
  /** Pictures that could not be decoded. */
  readonly broken: readonly string[];
}

const faultSchema = z.strictObject({ id: z.string(), reason: z.string() });
const rowsSchema = z.array(z.object({ id: z.string() }));

/**
 * Reads the pictures' embeddings of a folder that `embed` wrote into memory.
 *
 * @throws {RangeError} if it has none, or a file of them is lacking.
 * @throws {SyntaxError} if a file holds something else.
 */
export async function readPictureEmbeddings(folder: string): Promise<PictureEmbeddings> {
  const path = join(folder, FACTS_FILE);
  const found = await readJson(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new RangeError(`${folder}: expected a folder that "embed" wrote, found no ${FACTS_FILE}`);
  });
  const facts = checkContent(path, "what embeddings are of", factsSchema, found);
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (/^images-\d+\.(parquet|safetensors)$/.test(name)) names.push(name);
  }
  names.sort();
  const ids: string[] = [];
  const broken: string[] = [];
  const files: Float32Array[] = [];
  for (const [place, name] of names.entries()) {
    const [stem, ending] = name.split(".") as [string, PartFormat];
    const lacking = partName("images", place);
    if (stem !== lacking) {
      throw new RangeError(`${folder}: expected all files of an embedding, found no ${lacking}`);
    }
    const file = join(folder, name);
    const { ids: own, rows } = await readers[ending](file, facts.dim);
    checkEmbeddings(file, rows, facts.dim);
    const faults = await readFaults(join(folder, faultsName(stem)));
    const isLast = place === names.length - 1;
    if (!isLast && own.length + faults.length !== facts.rowsAPart) {
      throw new SyntaxError(
        `${file}: expected ${facts.rowsAPart} pictures with those that could not be decoded, ` +
          `found ${own.length + faults.length}`,
      );
    }
    // Not spread into a call: there may be more of them than a call takes.
    for (const id of own) ids.push(id);
    for (const id of faults) broken.push(id);
    files.push(rows);
  }
  if (ids.length === 0) {
    throw new RangeError(`${folder}: expected embeddings of pictures, found none`);
  }
  return { facts, ids, files, broken };
}

interface ReadPart {
  readonly ids: readonly string[];
  readonly rows: Float32Array;
}

const readers: Readonly<Record<PartFormat, (path: string, dim: number) => Promise<ReadPart>>> = {
  async safetensors(path, dim) {
    const file = await openSafetensors(path);
    const text = file.metadata.rows ?? "null";
    const facts = checkContent(path, "embeddings", rowsSchema, parseJson(path, text));
    const rows = await file.readFloat32("embedding");
    return checked(path, facts.map(({ id }) => id), rows, dim);
  },
  async parquet(path, dim) {
    const found = await parquetReadObjects({
      file: await asyncBufferFromFile(path),
      columns: ["id", "embedding"],
    }).catch((cause: Error) => {
      throw new SyntaxError(`${path}: expected a Parquet file (${cause.message})`, { cause });
    });
    const rows = new Float32Array(found.length * dim);
    for (const [row, { id, embedding }] of found.entries()) {
      const values = embedding as ArrayLike<number> | undefined;
      if (typeof id !== "string" || values?.length !== dim) {
        throw new SyntaxError(
          `${path}, row ${row + 1}: expected an id and ${dim} values, found something else`,
        );
      }
      rows.set(values, row * dim);
    }
    return { ids: found.map(({ id }) => id as string), rows };
  },
};

function checked(path: string, ids: readonly string[], rows: Float32Array, dim: number): ReadPart {
  if (rows.length === ids.length * dim) return { ids, rows };
  throw new SyntaxError(
    `${path}: expected ${dim} values for each of ${ids.length} rows, found ${rows.length}`,
  );
}

async function readFaults(path: string): Promise<readonly string[]> {
  const broken: string[] = [];
  try {
    for await (const { value, line } of readJsonLines(path)) {
      broken.push(checkContent(`${path}, line ${line}`, "a fault", faultSchema, value).id);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return broken;
}
