import { z } from "zod";
import type { Schedule } from "../../optimizer.ts";

/** Options that schedules have in common. */
export interface WarmupOptions {
  /** Steps of warm-up: below 1 a share of all steps, else their number. Default 0. */
  readonly warmup?: number;
  /** Factor of the first step of the warm-up. Default 0. */
  readonly start?: number;
}

/** The same for their schemas. */
export const warmupShape = {
  warmup: z.number().min(0).default(0),
  start: z.number().min(0).default(0),
};

/** Whole steps of a warm-up. */
export function warmupSteps(warmup: number, total: number): number {
  return warmup < 1 ? Math.round(warmup * total) : warmup;
}

/**
 * The factor of a step of the linear warm-up from `start` to 1. Where `start` is 0 the first step takes
 * `1 / warm-up steps`, as open_clip does, so that no step is without effect.
 *
 * @param rising Steps of the warm-up, of which this is one.
 */
export function warmupFactor(step: number, rising: number, start: number): number {
  return start === 0 ? (step + 1) / rising : start + (1 - start) * (step / rising);
}

/**
 * The factors of a run that begins with a warm-up.
 *
 * @param after The factor of a step by its place behind the warm-up, of so many steps there.
 */
export function afterWarmup(
  { warmup, start }: Required<WarmupOptions>,
  after: (place: number, steps: number) => number,
): Schedule["factor"] {
  return (step, total) => {
    const rising = warmupSteps(warmup, total);
    return step < rising ? warmupFactor(step, rising, start) : after(step - rising, total - rising);
  };
}

/** How far a place is along so many steps, from 0 to 1. */
export function progressOf(place: number, steps: number): number {
  return Math.min(1, place / Math.max(1, steps));
}

/** Half a cosine from 1 down to `end`. */
export function halfCosine(progress: number, end: number): number {
  return end + (1 - end) * 0.5 * (1 + Math.cos(Math.PI * progress));
}
