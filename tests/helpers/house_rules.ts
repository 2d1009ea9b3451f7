/**
 * The rules of the house, as functions of a file's path and source.
 *
 * @module
 */
import { dirname, join } from "node:path/posix";
import ts from "typescript";

/** What a file's source says that the rules are about. */
interface Facts {
  /** Specifiers of all imports: static, dynamic, of types, and re-exports. */
  readonly imports: readonly string[];
  /** Imports whose specifier is computed. */
  readonly computedImports: number;
  /** Whether there is anything but exports. */
  readonly onlyExports: boolean;
  /** Whether `Math.random` is mentioned in code. */
  readonly mathRandom: boolean;
  readonly lines: number;
}

/** Longer than 400 lines, and why. */
const longFiles: Readonly<Record<string, string>> = {
  "core/graph/onnx_pb.ts": "generated from ONNX's schema",
};

/** Imports what it does not know when it is written, and why. */
const computedImporters: Readonly<Record<string, string>> = {
  "core/cli/load_recipe.ts": "imports the recipe that the user names",
};

/**
 * How a file breaks the rules of the house; nothing if it keeps them.
 *
 * @param path From the repository's root, with slashes: `core/graph/matmul.ts`.
 */
export function violations(path: string, source: string): string[] {
  const facts = factsOf(path, source);
  const found = facts.imports
    .map((specifier) => [specifier, explainImport(path, specifier)] as const)
    .filter(([, reason]) => reason !== undefined)
    .map(([specifier, reason]) => `imports "${specifier}": ${reason}`);
  if (facts.computedImports > 0 && !(path in computedImporters)) {
    found.push("imports a computed specifier");
  }
  if (facts.lines > 400 && !(path in longFiles)) {
    found.push(`has ${facts.lines} lines, 400 at most`);
  }
  if (/(^|\/)mod\.ts$/.test(path) && !facts.onlyExports) found.push("a mod.ts holds only exports");
  if (facts.mathRandom && !path.startsWith("recipes/")) {
    found.push("calls Math.random; randomness comes from core/random.ts");
  }
  return found.map((each) => `${path}: ${each}`);
}

/** Why the file may not import this; undefined if it may. */
function explainImport(path: string, specifier: string): string | undefined {
  if (specifier.startsWith("@syntagma/")) return "inside the repository, imports are relative";
  if (!specifier.startsWith(".")) return undefined;
  const target = join(dirname(path), specifier);
  if (path.startsWith("plugins/")) return explainPluginImport(path, target);
  if (path.startsWith("recipes/")) {
    const allowed = target === "mod.ts" || target.startsWith("recipes/") ||
      /^(core|plugins)\/[^/]+\/mod\.ts$/.test(target);
    return allowed ? undefined : "recipes import mod.ts files and other recipes";
  }
  // deno.json says which versions the packages have.
  if (target === "deno.json") return undefined;
  if (!target.startsWith("core/")) return "core imports only core";
  for (const [folder, forbidden] of layers) {
    if (path.startsWith(folder) && forbidden.some((each) => target.startsWith(each))) {
      return `${folder} knows nothing of it`;
    }
  }
  return undefined;
}

/** What the lower layers of the core know nothing of. */
const layers: readonly (readonly [string, readonly string[]])[] = [
  ["core/graph/", ["core/runtime/", "core/training/", "core/cli/"]],
  ["core/runtime/", ["core/training/", "core/cli/"]],
  ["core/", ["plugins/", "recipes/"]],
];

function explainPluginImport(path: string, target: string): string | undefined {
  const own = path.split("/").slice(0, 2).join("/");
  const allowed = target === "mod.ts" || target.startsWith(`${own}/`) ||
    /^(core|plugins)\/[^/]+\/mod\.ts$/.test(target);
  return allowed ? undefined : "plugins import the mod.ts of the core's areas and of other plugins";
}

function factsOf(path: string, source: string): Facts {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const imports: string[] = [];
  let computedImports = 0;
  let mathRandom = false;
  const note = (specifier: ts.Node | undefined) => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) imports.push(specifier.text);
    else computedImports++;
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) note(node.moduleSpecifier);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) note(node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      note(node.arguments[0]);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      note(node.argument.literal);
    } else if (isMathRandom(node)) mathRandom = true;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return {
    imports,
    computedImports,
    mathRandom,
    onlyExports: file.statements.every(ts.isExportDeclaration),
    lines: source.trimEnd().split("\n").length,
  };
}

/** `Math.random` or `Math["random"]`. */
function isMathRandom(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) {
    return node.expression.getText() === "Math" && node.name.text === "random";
  }
  return ts.isElementAccessExpression(node) && node.expression.getText() === "Math" &&
    ts.isStringLiteralLike(node.argumentExpression) && node.argumentExpression.text === "random";
}
