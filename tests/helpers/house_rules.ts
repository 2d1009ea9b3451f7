/**
 * The rules of the house, as functions of a file's path and source.
 *
 * @module
 */
import { dirname, join } from "node:path/posix";
import ts from "typescript";

/** An import or a re-export. */
export interface Import {
  readonly specifier: string;
  /** Whether only types are imported, so that nothing is loaded. */
  readonly typeOnly: boolean;
  /** Whether it is loaded when the code gets there: outside of functions that is at once. */
  readonly dynamic: boolean;
}

/** What a file's source says that the rules are about. */
export interface Facts {
  /** All imports: static, dynamic, of types, and re-exports. */
  readonly imports: readonly Import[];
  /** Imports whose specifier is computed. */
  readonly computedImports: number;
  /** Whether there is anything but exports that name what they export. */
  readonly onlyNamedExports: boolean;
  /** Whether `Math.random` is mentioned in code. */
  readonly mathRandom: boolean;
  /** Whether `Deno` is mentioned in code. */
  readonly deno: boolean;
  readonly lines: number;
}

/** The rings of the house from the inside out; a file imports from its own ring and from inner ones. */
export const RINGS = ["core", "host", "plugins", "recipes", "application"] as const;

/** One of the rings. */
export type Ring = (typeof RINGS)[number];

/** The ring of a file, by its path from the repository's root. */
export function ringOf(path: string): Ring {
  if (path.startsWith("core/host/")) return "host";
  if (path.startsWith("core/")) return "core";
  if (path.startsWith("recipes/")) return "recipes";
  if (/^plugins\/(app\/|index\.ts$|\w+\/commands\/|\w+\/plugin\.ts$)/.test(path)) {
    return "application";
  }
  return path.startsWith("plugins/") ? "plugins" : "application";
}

/** The one that may also say something when it is run as a program, and why. */
const spokenEntry = "mod.ts"; // `deno run jsr:…` runs it, and whoever typed that wants main.ts.

/** Packages that the innermost ring may use. */
const PURE_PACKAGES = /^(zod|@bufbuild\/protobuf)(\/|$)/;

/** Longer than 400 lines, and why. */
const longFiles: Readonly<Record<string, string>> = {
  "core/graph/onnx_pb.ts": "generated from ONNX's schema",
};

/** Imports what it does not know when it is written, and why. */
const computedImporters: Readonly<Record<string, string>> = {
  "plugins/app/cli/load_recipe.ts": "imports the recipe that the user names",
  "plugins/app/recipe_from/factories.ts": "imports the entry points that deno.json lists",
  "core/import_later.ts": "imports what it is told to, and Deno is not to know it before",
};

/**
 * How a file breaks the rules of the house; nothing if it keeps them.
 *
 * @param path From the repository's root, with slashes: `core/graph/linear.ts`.
 */
export function violations(path: string, source: string): string[] {
  const facts = factsOf(path, source);
  const found = facts.imports
    .map(({ specifier }) => [specifier, explainImport(path, specifier)] as const)
    .filter(([, reason]) => reason !== undefined)
    .map(([specifier, reason]) => `imports "${specifier}": ${reason}`);
  if (ringOf(path) === "core" && facts.deno) found.push("uses Deno; that is for the host");
  if (facts.computedImports > 0 && !(path in computedImporters)) {
    found.push("imports a computed specifier");
  }
  if (facts.lines > 400 && !(path in longFiles)) {
    found.push(`has ${facts.lines} lines, 400 at most`);
  }
  if (isEntry(path) && !facts.onlyNamedExports) {
    found.push("a mod.ts holds only exports, by name");
  }
  if (facts.mathRandom && !path.startsWith("recipes/")) {
    found.push("calls Math.random; randomness comes from core/random.ts");
  }
  return found.map((each) => `${path}: ${each}`);
}

/** Why the file may not import this; undefined if it may. */
function explainImport(path: string, specifier: string): string | undefined {
  if (specifier.startsWith("@syntagma/")) return "inside the repository, imports are relative";
  const ring = ringOf(path);
  if (!specifier.startsWith(".")) {
    if (ring !== "core" || PURE_PACKAGES.test(specifier)) return undefined;
    return "the core uses no package but zod and protobuf";
  }
  const target = join(dirname(path), specifier);
  // They say which versions this project and the packages have.
  if (/^(deno|import_map)\.json$/.test(target) && ring !== "core") return undefined;
  if (!/^(core|plugins|recipes)\//.test(target) || isEntry(target)) {
    return isEntry(path) ? undefined : "name the file that holds the idea";
  }
  if (RINGS.indexOf(ringOf(target)) <= RINGS.indexOf(ring)) return undefined;
  return `${ring} knows nothing of ${ringOf(target)}`;
}

function isEntry(path: string): boolean {
  return /(^|\/)mod\.ts$/.test(path);
}

/** Reads the facts out of a source. */
export function factsOf(path: string, source: string): Facts {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  let computedImports = 0;
  let mathRandom = false;
  let deno = false;
  const note = (specifier: ts.Node | undefined, typeOnly: boolean, dynamic: boolean) => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) {
      imports.push({ specifier: specifier.text, typeOnly, dynamic });
    } else computedImports++;
  };
  const visit = (node: ts.Node, inFunction: boolean): void => {
    if (ts.isImportDeclaration(node)) {
      note(node.moduleSpecifier, isTypeImport(node.importClause), false);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      note(node.moduleSpecifier, isTypeExport(node), false);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      note(node.arguments[0], false, inFunction);
    } else if (ts.isCallExpression(node) && node.expression.getText() === "importLater") {
      // What it gives is typed by the same module, which is no import of its own.
      note(node.arguments[0], false, true);
      return;
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      note(node.argument.literal, true, false);
    } else if (isMathRandom(node)) mathRandom = true;
    else if (ts.isIdentifier(node) && node.text === "Deno") deno = true;
    const isInside = inFunction || ts.isFunctionLike(node);
    ts.forEachChild(node, (child) => visit(child, isInside));
  };
  visit(file, false);
  return {
    imports,
    computedImports,
    mathRandom,
    deno,
    onlyNamedExports: file.statements.every((each) =>
      ts.isExportDeclaration(each) && each.exportClause !== undefined ||
      path === spokenEntry && ts.isIfStatement(each) &&
        each.expression.getText() === "import.meta.main"
    ),
    lines: source.trimEnd().split("\n").length,
  };
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const { name, namedBindings } = clause;
  return name === undefined && namedBindings !== undefined && ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every((each) => each.isTypeOnly);
}

function isTypeExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  return isTypeOnly ||
    (exportClause !== undefined && ts.isNamedExports(exportClause) &&
      exportClause.elements.every((each) => each.isTypeOnly));
}

/** `Math.random` or `Math["random"]`. */
function isMathRandom(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) {
    return node.expression.getText() === "Math" && node.name.text === "random";
  }
  return ts.isElementAccessExpression(node) && node.expression.getText() === "Math" &&
    ts.isStringLiteralLike(node.argumentExpression) && node.argumentExpression.text === "random";
}
