/** A recipe that the command line knows by name, loaded only when it is asked for. */
export interface RecipeEntry {
  /** The recipe's own description. */
  readonly description: string;
  /** Imports the module whose default export is the recipe. */
  load(): Promise<{ readonly default: unknown }>;
}

/** Recipes by name. */
export type RecipeList = Readonly<Record<string, RecipeEntry>>;
