/**
 * Who imports whom, over the whole repository.
 *
 * @module
 */
import { dirname, join } from "node:path/posix";
import { factsOf, type Import } from "./house_rules.ts";

/** Imports of every module, by its path from the repository's root. */
export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

const root = new URL("../../", import.meta.url);

/** Paths of all modules in a folder of the repository, from its root. */
export function* modulesIn(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(new URL(folder, root))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* modulesIn(path);
    else if (/\.[mc]?[jt]sx?$/.test(path)) yield path;
  }
}

/** The source of a module. */
export function readModule(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
}

/** The graph of all modules of the package, without tests and benchmarks. */
export function readImportGraph(): ImportGraph {
  const paths = ["core", "plugins", "recipes"].flatMap((folder) => [...modulesIn(folder)]);
  return new Map(
    [...paths, "mod.ts", "main.ts"].map((path) => [path, factsOf(path, readModule(path)).imports]),
  );
}

/** What importing a module loads. */
export interface Closure {
  /** Modules of this repository, the first one included. */
  readonly files: readonly string[];
  /** Packages, by name. */
  readonly packages: readonly string[];
}

/** What importing a module loads at once: static imports of values, and theirs. */
export function closureOf(entry: string, graph: ImportGraph): Closure {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string) => {
    if (files.has(path)) return;
    files.add(path);
    for (const { specifier, typeOnly, dynamic } of graph.get(path) ?? []) {
      if (typeOnly || dynamic) continue;
      if (specifier.startsWith(".")) visit(join(dirname(path), specifier));
      else if (!specifier.startsWith("node:")) {
        packages.add(/^(@[^/]+\/[^/]+|[^/]+)/.exec(specifier)![0]);
      }
    }
  };
  visit(entry);
  return { files: [...files].toSorted(), packages: [...packages].toSorted() };
}

/**
 * Groups of nodes that can all be reached from each other (Tarjan 1972), those of one node left out.
 */
export function circles(edges: ReadonlyMap<string, Iterable<string>>): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const visit = (node: string): void => {
    order.set(node, order.size);
    lowest.set(node, order.get(node)!);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) {
        lowest.set(node, Math.min(lowest.get(node)!, lowest.get(next)!));
      }
    }
    if (lowest.get(node) !== order.get(node)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) found.push(circle.toSorted());
  };
  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return found;
}

/** For every module the modules of this repository that it imports when it is loaded or checked. */
export function fileEdges(graph: ImportGraph): Map<string, string[]> {
  return new Map([...graph].map(([path, imports]) => [
    path,
    imports
      .filter(({ specifier, dynamic }) => specifier.startsWith(".") && !dynamic)
      .map(({ specifier }) => join(dirname(path), specifier)),
  ]));
}

/** For every plugin the other plugins that it imports. */
export function pluginEdges(graph: ImportGraph): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  const pluginOf = (path: string) => /^plugins\/(\w+)\/(?!commands\/|plugin\.ts$)/.exec(path)?.[1];
  for (const [path, targets] of fileEdges(graph)) {
    const plugin = pluginOf(path);
    if (plugin === undefined) continue;
    const others = targets.map(pluginOf).filter((each) => each !== undefined && each !== plugin);
    edges.set(plugin, new Set([...edges.get(plugin) ?? [], ...others as string[]]));
  }
  return edges;
}
