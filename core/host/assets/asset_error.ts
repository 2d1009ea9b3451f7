import { shortened } from "../../shortened.ts";

/** One place that was asked for a file, and why it did not give it. */
export interface AssetAttempt {
  /** A URL or a path. */
  readonly address: string;
  /** Why the file could not be had there. */
  readonly reason: string;
}

/**
 * A file that cannot be had. Its message names the file, what was tried and why each failed, and
 * where the file may be put by hand.
 */
export class AssetError extends Error {
  /** Always `"AssetError"`. */
  override readonly name = "AssetError";
  /**
   * Puts the sentence together.
   *
   * @param file The file's name.
   * @param attempts Every place that was asked, with the reason of each failure.
   * @param place The path where the file may be put by hand.
   * @param advice What else would help, to be read after "or".
   */
  constructor(
    readonly file: string,
    readonly attempts: readonly AssetAttempt[],
    readonly place: string,
    advice?: string,
  ) {
    const tried = attempts.map(({ address, reason }) => `${whole(address)} (${reason})`).join(", ");
    super(
      `Cannot get ${shortened(file)}: tried ${tried}. Put it at ${whole(place)}` +
        `${advice === undefined ? "" : `, or ${advice}`}.`,
    );
  }
}

/** A path or address to be copied from the message: whole, but for one that can be none. */
function whole(address: string): string {
  return shortened(address, 1000);
}
