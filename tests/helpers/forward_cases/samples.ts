import { type Values, values } from "../reference_math.ts";

/** Two rows of three, with both signs and a 0. */
export const matrix: Values = values([2, 3], [1.5, -2, 0.25, 3, -0.5, 0]);

/** Like `matrix`, with one element equal to its. */
export const other: Values = values([2, 3], [0.5, -2, 4, -1, 2, 1.5]);

/** Three values, on one axis. */
export const row: Values = values([3], [0.5, 2, -4]);

/** Two rows of one. */
export const column: Values = values([2, 1], [3, -0.25]);

/** Three axes. */
export const cube: Values = values([2, 2, 3], [3, -1, 2, 0, 5, -2, 1, 1, 4, -3, 2, 7]);

/** Values above 0. */
export const positive: Values = values([2, 2], [0.25, 1, 2, 9]);

/** Three rows of two, which `matrix` can be multiplied with. */
export const tall: Values = values([3, 2], [1, -1, 0.5, 2, -3, 4]);

/** Two rows of two. */
export const square2: Values = values([2, 2], [1, 2, 3, 4]);
