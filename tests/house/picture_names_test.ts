import { expect } from "expect";
import { declaredNames, wordsOfName } from "../helpers/declared_names.ts";
import { modulesIn, readModule } from "../helpers/import_graph.ts";

/** A name that code gives to others. */
interface Name {
  readonly kind: "export" | "option" | "file" | "folder";
  readonly name: string;
}

/** Names of the glossary's table: of any kind, or of one. */
interface Allowed {
  readonly kind: string | undefined;
  readonly words: string;
}

/** The names with "image" that the glossary lists under "Picture or image". */
function allowedBy(glossary: string): readonly Allowed[] {
  const [, section = ""] = glossary.split("## Picture or image");
  const rows = section.split("\n").filter((line) => line.startsWith("| "));
  return rows.flatMap((row) =>
    [...row.split("|")[1]!.matchAll(/(?:(option|folder) )?`([^`]+)`/g)]
      .map(([, kind, words]) => ({ kind, words: words! }))
  );
}

/** Which of the allowed names a name has in it; those of one kind are the whole name. */
function reasonsOf({ kind, name }: Name, allowed: readonly Allowed[]): readonly Allowed[] {
  const words = wordsOfName(name).join(" ");
  return allowed.filter((each) =>
    each.kind === undefined
      ? ` ${words} `.includes(` ${each.words} `)
      : each.kind === kind && each.words === words
  );
}

/** What is wrong with a name by the glossary; nothing if it keeps to it. */
function faultOf(of: Name, allowed: readonly Allowed[]): string | undefined {
  const words = wordsOfName(of.name);
  const hasImage = words.some((word) => word === "image" || word === "images");
  if (hasImage && reasonsOf(of, allowed).length === 0) {
    return `${of.kind} ${of.name}: expected "picture", or a line in docs/glossary.md, found "image"`;
  }
  // What is called an image has no second name.
  const swapped = words.map((word) => word.replace(/^picture/, "image")).join(" ");
  const fixed = allowed.find((each) =>
    each.kind === undefined && words.includes("picture") &&
    ` ${swapped} `.includes(` ${each.words} `)
  );
  return fixed && `${of.kind} ${of.name}: expected "${fixed.words}", found "picture"`;
}

/** All names that the package gives to others, each once. */
function namesOfPackage(): readonly Name[] {
  const paths = ["core", "plugins", "recipes"].flatMap((folder) => [...modulesIn(folder)]);
  const found = paths.flatMap((path): Name[] => {
    const { exports, options } = declaredNames(path, readModule(path));
    const [file, ...folders] = path.split("/").toReversed();
    return [
      ...exports.map((name): Name => ({ kind: "export", name })),
      ...options.map((name): Name => ({ kind: "option", name })),
      { kind: "file", name: file!.replace(/\.\w+$/, "") },
      ...folders.map((name): Name => ({ kind: "folder", name })),
    ];
  });
  return [...new Map(found.map((each) => [`${each.kind} ${each.name}`, each])).values()];
}

const glossary = Deno.readTextFileSync(new URL("../../docs/glossary.md", import.meta.url));

Deno.test("house: a picture is called so, and an image where the glossary says that the field does", () => {
  const [names, allowed] = [namesOfPackage(), allowedBy(glossary)];
  expect(names).toContainEqual({ kind: "export", name: "PicturePool" });
  expect(names).toContainEqual({ kind: "option", name: "imageGrounded" });
  expect(allowed).toContainEqual({ kind: undefined, words: "image tower" });
  expect(names.flatMap((each) => faultOf(each, allowed) ?? [])).toEqual([]);
  // A line of the table that nothing needs any more goes.
  const used = new Set(names.flatMap((each) => reasonsOf(each, allowed)));
  expect(allowed.filter((each) => !used.has(each))).toEqual([]);
});

Deno.test("faultOf: knows both words in names of any form, and of which kind they are allowed", () => {
  const allowed = allowedBy(
    "| `picture pool` | before |\n## Picture or image\n| `image tower`, option `images` | why |\n",
  );
  expect(allowed).toEqual([
    { kind: undefined, words: "image tower" },
    { kind: "option", words: "images" },
  ]);
  const cases: readonly (readonly [Name["kind"], string, boolean])[] = [
    ["export", "clipImageTower", true],
    ["file", "image_tower", true],
    ["export", "IMAGE_TOWER_SIZE", true],
    ["export", "imageTowers", false],
    ["export", "ImagePool", false],
    ["file", "image_error", false],
    ["export", "decodeImage", false],
    ["export", "decodePicture", true],
    ["export", "pictureTower", false],
    ["file", "picture_tower", false],
    ["option", "images", true],
    ["export", "images", false],
    ["option", "image", false],
    ["option", "otherImages", false],
    ["export", "imagine", true],
  ];
  for (const [kind, name, isRight] of cases) {
    expect({ name, isRight: faultOf({ kind, name }, allowed) === undefined })
      .toEqual({ name, isRight });
  }
});

Deno.test("declaredNames: exports and options, without what stands in files of others", () => {
  const source = `
    export const one = 1, other = 2;
    export type Three = 3;
    const inner = z.strictObject({ short, image_size, four: column, five: z.strictObject({ "six-": z.int() }) });
    function shape() { return { seven: z\\n.string(), eight: 8 }; }
    export const file = z.object({ image_id: z.string(), deep: z.object({ a: z.int() }) });
  `.replace("\\n", "\n");
  expect(declaredNames("x.ts", source)).toEqual({
    exports: ["one", "other", "Three", "file"],
    options: ["short", "four", "five", "six-", "seven"],
  });
});
