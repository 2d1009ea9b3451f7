import type { Json, JsonObject } from "../../../core/component.ts";
import { describeSeconds } from "../terminal/progress.ts";
import { breakable } from "./breakable.ts";
import { type Html, html } from "./html.ts";
import { count, significant } from "./numbers.ts";
import type { RunRecord } from "./read_run.ts";

/** A name and what is to be said of it; left out where that is undefined. */
type Fact = readonly [string, Html | string | undefined];

/** What was run, in a few lines: model, data, device, time, steps, seed. */
export function keyFacts({ manifest, steps }: RunRecord): Html {
  const recipe = objectAt(manifest, "recipe");
  const device = objectAt(manifest, "device");
  const data = objectAt(manifest, "data");
  const parameters = objectAt(manifest, "parameters");
  const seconds = steps.reduce((sum, step) => sum + step.seconds, 0);
  return factList([
    ["Model", textOf(manifest.model)],
    ["Data", textOf(data.name) && `${textOf(data.name)}, ${countOf(data.examples, "examples")}`],
    ["Trained", trainedText(parameters, recipe)],
    ["Device", [textOf(device.kind), textOf(device.description)].filter(Boolean).join(": ")],
    ["Steps", stepsText(steps.at(-1)?.step ?? 0, manifest.steps, recipe.batch)],
    ["Training time", steps.length === 0 ? undefined : describeSeconds(seconds)],
    ["Seed", textOf(recipe.seed)],
    ["Started", startedText(manifest.started)],
  ]);
}

/** Everything else: how to repeat the run, each setting of the recipe, versions of packages. */
export function settings({ manifest }: RunRecord): Html {
  const source = objectAt(manifest, "source");
  const device = objectAt(manifest, "device");
  const data = objectAt(manifest, "data");
  const versions = Object.entries(objectAt(manifest, "versions"));
  return html`
    ${factList([
      ["Command", commandOf(source)],
      ["How it computes", textOf(manifest.settings)],
      ["Why this device", textOf(device.reason)],
      ["Data fingerprint", textOf(data.fingerprint)],
      ["Rows left out", typeof data.faults === "number" ? count(data.faults) : undefined],
    ])}
    <details>
      <summary>Every setting of the recipe</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Settings">
        <table class="settings">
          <caption class="visually-hidden">Settings of the recipe</caption>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>${leaves("", manifest.recipe ?? null).map(([path, value]) =>
            html`
              <tr>
                <th scope="row">${path}</th>
                <td>${value}</td>
              </tr>
            `
          )}</tbody>
        </table>
      </div>
    </details>
    ${versions.length > 0 && html`
      <details>
        <summary>Versions of all packages</summary>
        ${factList(versions.map(([name, value]): Fact => [name, textOf(value)]))}
      </details>
    `}
  `;
}

function factList(facts: readonly Fact[]): Html {
  return html`<dl class="facts">${
    facts.map(([name, value]) =>
      value !== undefined && value !== "" && html`
        <div>
          <dt>${breakable(name)}</dt>
          <dd>${value}</dd>
        </div>
      `
    )
  }</dl>`;
}

function trainedText(parameters: JsonObject, recipe: JsonObject): string | undefined {
  const { trained, frozen: kept } = parameters;
  const listed = (name: "trained" | "frozen") => {
    const entries = recipe[name];
    return Array.isArray(entries) && entries.length > 0
      ? [`${name}: ${entries.map(textOf).join(", ")}`]
      : [];
  };
  const patterns = [...listed("trained"), ...listed("frozen")].join("; ") || "nothing frozen";
  if (typeof trained !== "number" || typeof kept !== "number") return patterns;
  return `${count(trained)} of ${count(trained + kept)} parameters (${patterns})`;
}

function stepsText(done: number, total: Json | undefined, batch: Json | undefined): string {
  const steps = typeof total === "number" && done < total
    ? `${count(done)} of ${count(total)}: the run has not ended`
    : count(done);
  return typeof batch === "number" ? `${steps}, batch ${count(batch)}` : steps;
}

function startedText(started: Json | undefined): string | undefined {
  return typeof started === "string"
    ? started.replace("T", " ").replace(/(:\d\d)(?:\.\d+)?Z$/, "$1 UTC")
    : undefined;
}

function commandOf({ recipe, overrides }: JsonObject): Html | undefined {
  if (typeof recipe !== "string" || !Array.isArray(overrides)) return undefined;
  const words = ["deno task recipe", recipe, ...overrides.map((each) => String(each))];
  return html`<code>${words.join(" ")}</code>`;
}

function countOf(value: Json | undefined, what: string): string {
  return typeof value === "number" ? `${count(value)} ${what}` : what;
}

function textOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number") {
    return Number.isInteger(value) ? String(value) : significant(value);
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** An object in an object; an empty one where there is none. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as JsonObject
    : {};
}

/** Every value that is no object with its path: `optimizer.lr`, `objectives.clic.loss.weight`. */
function leaves(path: string, value: Json): [string, string][] {
  const at = (key: string) => path === "" ? key : `${path}.${key}`;
  if (Array.isArray(value) && value.some((each) => typeof each === "object" && each !== null)) {
    return value.flatMap((each: Json, index) => leaves(at(nameOf(each) ?? String(index)), each));
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, each]) => leaves(at(key), each));
  }
  return [[path, typeof value === "string" ? value : JSON.stringify(value)]];
}

function nameOf(value: Json): string | undefined {
  return typeof value === "object" && value !== null && "name" in value &&
      typeof value.name === "string"
    ? value.name
    : undefined;
}
