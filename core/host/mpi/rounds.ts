import type { DeviceTensor } from "../../device/device.ts";
import type { Placed } from "../../processes/exchange.ts";

/** Some values of a tensor. */
export interface Piece {
  readonly tensor: DeviceTensor;
  /** The first of them. */
  readonly start: number;
  /** After the last of them. */
  readonly end: number;
}

/** What goes round in one call: a part for each process, whose pieces follow each other. */
export interface Round {
  /** How many values the part of each process has. */
  readonly counts: readonly number[];
  /** The pieces of each process's part. */
  readonly parts: readonly (readonly Piece[])[];
}

/**
 * Cuts tensors up so that every call moves much of all processes at once: each process's tensors
 * follow each other in their order, and a round takes as many values of each as it has room for.
 *
 * @param size How many processes there are.
 * @param room Values of all parts of a round.
 * @throws {TypeError} if a tensor is not of float32.
 */
export function* roundsOf(
  tensors: Iterable<Placed>,
  size: number,
  room: number,
): Generator<Round> {
  const queues: Piece[][] = Array.from({ length: size }, () => []);
  for (const { tensor, at } of tensors) {
    if (tensor.dtype !== "float32") {
      throw new TypeError(`exchange: expected a tensor of float32, found one of ${tensor.dtype}`);
    }
    if (tensor.bytes > 0) queues[at]!.push({ tensor, start: 0, end: tensor.bytes / 4 });
  }
  const busy = () => queues.filter((queue) => queue.length > 0).length;
  while (busy() > 0) {
    // Where a few processes have more than the others, what is left of them fills the rounds.
    const most = Math.ceil(room / busy());
    const parts = queues.map((queue) => take(queue, most));
    yield { parts, counts: parts.map(lengthOf) };
  }
}

/** The first values of a queue, which then goes on behind them. */
function take(queue: Piece[], most: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let left = most; left > 0 && queue.length > 0;) {
    const { tensor, start, end } = queue[0]!;
    const cut = Math.min(end, start + left);
    pieces.push({ tensor, start, end: cut });
    left -= cut - start;
    if (cut === end) queue.shift();
    else queue[0] = { tensor, start: cut, end };
  }
  return pieces;
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { start, end }) => sum + end - start, 0);
}
