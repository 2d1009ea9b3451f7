import { basename } from "node:path";
import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { DataFault, DataSource } from "../../core/dataset.ts";
import { ImageError } from "../../core/images/image_error.ts";
import { expandPaths } from "./expand_paths.ts";
import { createPictureSet } from "./picture_set.ts";
import { readAt, readTarMembers, type TarMember } from "./tar_members.ts";
import { createTextRows } from "./text_rows.ts";

/** Where the shards are and which of their members make an example. */
export interface WebdatasetOptions {
  /**
   * The address (`hf:…`, `https:…`, path) of a tar archive, or of several. In the name of a path `*`
   * stands for anything; `{000..123}` stands for these numbers.
   */
  readonly path: string | readonly string[];
  /** The endings of pictures. Default: `jpg`, `jpeg`, `png`, `webp`. */
  readonly pictures?: readonly string[];
  /**
   * Where the captions are, the main one first: the ending of a text member (`txt`), or of a JSON
   * member and a field of it, a text or a list of texts (`json.top_caption`). Default: `txt`.
   */
  readonly captions?: readonly string[];
  /** Use only so many examples, the first ones; `null`, the default, uses all. */
  readonly limit?: number | null;
}

const schema = z.strictObject({
  path: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  pictures: z.array(z.string().min(1)).min(1).default(["jpg", "jpeg", "png", "webp"]),
  captions: z.array(z.string().min(1)).min(1).default(["txt"]),
  limit: z.int().min(1).nullable().default(null),
});

/**
 * Pictures and captions from webdataset shards: tar archives in which the members of an example
 * stand together and share their path up to the first dot of the name (`00001.jpg`, `00001.txt`,
 * `00001.json`). Shards are indexed once when they are opened, by their headers alone, and then read
 * at random.
 *
 * An example without picture or caption becomes a fault of the data set, and so does a shard's end
 * where it breaks off. Compressed shards have to be unpacked before. `mixedCaptions` mixes captions of
 * two fields.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { webdataset } from "@syntagma/syntagma/captions";
 *
 * const data = webdataset({
 *   path: "laion-coco/{00000..00099}.tar",
 *   captions: ["json.top_caption", "json.all_captions"],
 * });
 * console.assert(data.name === "webdataset");
 * ```
 */
export const webdataset: (options: WebdatasetOptions) => DataSource = defineComponent({
  name: "webdataset",
  schema,
  make: (options) => {
    const fields = options.captions.map(parseField);
    return {
      async open(context) {
        const paths = await expandPaths([options.path].flat());
        const rows = createTextRows();
        const faults: DataFault[] = [];
        /** Of each example: the number of its shard, and the place and size of its picture. */
        const places: number[] = [];
        const shards: string[] = [];
        for (const address of paths) {
          if (rows.length === options.limit) break;
          const path = await context.assets.file(address);
          const shard = shards.push(path) - 1;
          using archive = Deno.openSync(path);
          const refuse = (where: string, reason: string) => void faults.push({ where, reason });
          for (const { key, members } of samplesOf(archive, path, refuse)) {
            const where = `${path}, ${key}`;
            const picture = options.pictures.map((ending) => members.get(ending))
              .find((member) => member !== undefined);
            const captions = captionsOf(archive, members, fields);
            if (picture === undefined) {
              const endings = options.pictures.join(", ");
              refuse(
                where,
                `expected a picture (${endings}), found ${[...members.keys()].join(", ")}`,
              );
            } else if ("refused" in captions) refuse(where, captions.refused);
            else {
              rows.add([`${basename(path)}, ${picture.name}`, ...captions]);
              places.push(shard, picture.start, picture.size);
            }
            if (rows.length === options.limit) break;
          }
        }
        const name = basename(paths[0]!);
        return createPictureSet({
          name: paths.length === 1 ? name : `${name} and ${paths.length - 1} more`,
          rows,
          faults,
          sizes: new Uint32Array(2 * rows.length),
          images: context.images,
          picture: async (index, id) => {
            const [shard, start, size] = places.slice(3 * index, 3 * index + 3);
            // Opened each time: a set of a thousand shards would hold a thousand files.
            using archive = await Deno.open(shards[shard!]!).catch((cause: Error) => {
              throw new ImageError(id, `cannot be read (${cause.message})`, { cause });
            });
            return readAt(archive, start!, size!);
          },
        });
      },
    };
  },
});

interface Sample {
  readonly key: string;
  /** By their endings, in lower case. */
  readonly members: ReadonlyMap<string, TarMember>;
}

/** Members that stand together and share their key. */
function* samplesOf(
  archive: Deno.FsFile,
  path: string,
  refuse: (where: string, reason: string) => void,
): Generator<Sample> {
  let key: string | undefined;
  let members = new Map<string, TarMember>();
  try {
    for (const member of readTarMembers(archive, path)) {
      const [own, ending] = splitName(member.name);
      if (own !== key && key !== undefined) {
        yield { key, members };
        members = new Map();
      }
      key = own;
      members.set(ending, member);
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // What was read whole can be used.
    if (key === undefined) throw error;
    refuse(path, error.message.replace(`${path}, `, ""));
  }
  if (key !== undefined) yield { key, members };
}

/** The path up to the first dot of the last part, and what follows the dot. */
function splitName(name: string): readonly [key: string, ending: string] {
  const dot = name.indexOf(".", name.lastIndexOf("/") + 1);
  return dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1).toLowerCase()];
}

/** Where a caption is: a text member, or a field of a JSON member. */
interface Field {
  readonly ending: string;
  readonly field: string | undefined;
}

function parseField(written: string): Field {
  const dot = written.indexOf(".");
  return dot < 0
    ? { ending: written, field: undefined }
    : { ending: written.slice(0, dot), field: written.slice(dot + 1) };
}

function captionsOf(
  archive: Deno.FsFile,
  members: ReadonlyMap<string, TarMember>,
  fields: readonly Field[],
): readonly string[] | { readonly refused: string } {
  const captions = new Set<string>();
  for (const { ending, field } of fields) {
    const member = members.get(ending);
    if (member === undefined) continue;
    const text = new TextDecoder().decode(readAt(archive, member.start, member.size));
    let value: unknown = text;
    if (field !== undefined) {
      try {
        value = fieldOf(JSON.parse(text), field);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return { refused: `${member.name}: expected JSON (${error.message})` };
      }
    }
    for (const each of [value].flat()) {
      if (typeof each === "string" && each.trim() !== "") captions.add(each.trim());
    }
  }
  if (captions.size > 0) return [...captions];
  const wanted = fields.map(({ ending, field }) => [ending, field].filter(Boolean).join("."));
  return {
    refused: `expected a caption (${wanted.join(", ")}), found none in ${
      [...members.keys()].join(", ")
    }`,
  };
}

function fieldOf(json: unknown, field: string): unknown {
  return typeof json === "object" && json !== null
    ? (json as { readonly [key: string]: unknown })[field]
    : undefined;
}
