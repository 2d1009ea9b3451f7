import type { SceneObject } from "../../plugins/scenes/scene.ts";

/** A large solid red circle on the left, with some of it changed. */
export const object = (changes: Partial<SceneObject>): SceneObject => ({
  shape: "circle",
  colour: "red",
  size: "large",
  pattern: "solid",
  x: 0.25,
  y: 0.5,
  radius: 0.2,
  tint: [0, 0, 0],
  phase: 0,
  ...changes,
});
