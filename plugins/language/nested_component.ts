import type { Component, Json, JsonObject } from "../../core/component.ts";

/** A component as an option of another: its name and its options in one object. */
export function describeNested(component: Component): JsonObject {
  return { name: component.name, ...component.options };
}

/**
 * A component that is an option of another, with changes in the form of {@linkcode describeNested};
 * only what is to change need be there.
 *
 * @returns the component with the changes; where they are about something else, they themselves, for
 *   the outer component's schema to refuse.
 * @throws {RangeError} if the component refuses the changes.
 */
export function changeNested(component: Component, changes: Json | undefined): unknown {
  if (changes === undefined) return component;
  if (typeof changes !== "object" || changes === null || Array.isArray(changes)) return changes;
  const { name, ...options } = changes as JsonObject;
  return name === undefined || name === component.name ? component.with(options) : changes;
}
