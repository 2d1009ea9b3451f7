/** The package by itself, so that Deno fetches it when {@linkcode loadSharp} gets here. */
export { default } from "sharp";
