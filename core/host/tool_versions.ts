import config from "../../deno.json" with { type: "json" };
import map from "../../import_map.json" with { type: "json" };

/**
 * What a result was made with: this project, the packages that it uses, Deno. The versions are those
 * of `import_map.json`, which names each package's exactly and is published with the modules; some
 * packages let nobody import their own `package.json`.
 *
 * @param names Which of the packages. Default: all.
 * @throws {RangeError} if the project uses no package of such a name.
 */
export function toolVersions(names?: readonly string[]): Readonly<Record<string, string>> {
  const used = new Map(Object.values(map.imports).map(parseSpecifier));
  const unknown = names?.find((name) => !used.has(name));
  if (unknown !== undefined) {
    throw new RangeError(`expected one of ${[...used.keys()].join(", ")}, found "${unknown}"`);
  }
  return {
    [config.name]: config.version,
    ...Object.fromEntries((names ?? [...used.keys()]).map((name) => [name, used.get(name)!])),
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    platform: Deno.build.target,
  };
}

/** `["wink-nlp", "2.4.0"]` of `npm:wink-nlp@2.4.0` or `npm:/wink-nlp@2.4.0/`, with any path. */
function parseSpecifier(specifier: string): [string, string] {
  const [, name, version] = specifier.match(/^npm:\/?(@?[^@]+)@([^/]+)/)!;
  return [name!, version!];
}
