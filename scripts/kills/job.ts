/** A command that may be killed at any time and goes on when it is called again. */
export interface Job {
  /** Names it in tables and on the command line. */
  readonly name: string;
  /**
   * Kinds of places to kill at: a pattern of paths below `home`, at whose first signs of life the
   * command is killed. Beside these it is killed at any moment.
   */
  readonly aims: readonly RegExp[];
  /** The arguments of the command line, given what earlier calls have left in `home`. */
  command(home: string): Promise<readonly string[]>;
  /**
   * What the command has left, a text for each thing, without what no two calls share (times, the
   * order in which pictures arrive).
   */
  results(home: string): Promise<ReadonlyMap<string, string>>;
  /** Puts what the command is to find into an empty `home`. Default: nothing. */
  prepare?(home: string): Promise<void>;
}

/** What jobs work on. */
export interface Inputs {
  /** The folder that `writeInputs` has filled. */
  readonly folder: string;
  /** The run folder of an undisturbed run. */
  readonly run: string;
}
