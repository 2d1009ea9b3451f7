/**
 * What a loss is computed from, of the rows that towers give.
 *
 * @module
 */
import { cast } from "../../graph/cast.ts";
import { greater } from "../../graph/comparison.ts";
import { l2Normalize } from "../../graph/composite.ts";
import { exp } from "../../graph/elementwise.ts";
import { reshape } from "../../graph/linear.ts";
import { constant } from "../../graph/node.ts";
import { slice, split } from "../../graph/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { LossContext, LossExtra, LossExtras } from "../../loss.ts";
import type { DualEncoder, ParameterLookup, TowerOutputs } from "../../model.ts";
import type { RowGroup, TeacherName } from "./tower_rows.ts";

/** The graph inputs of a loss beside what the towers give. */
export interface FactInputs {
  /** `[batch, count]` for each text group. */
  readonly present: Readonly<Record<string, Tensor>>;
  /** `[batch, count]` for each group of pictures beyond the rows' own. */
  readonly presentImages: Readonly<Record<string, Tensor>>;
  /** Which rows and texts are the same. */
  readonly identity: LossContext<string>["identity"];
  /** `[batch]` int64: the example of each row, where it is asked for. */
  readonly example?: Tensor;
  /** `[batch, count]` for each text group: tokens of each text, where tokens are asked for. */
  readonly lengths: Readonly<Record<string, Tensor>>;
  /** `[batch, count, tokens]` int64 of each group that the loss reads by itself. */
  readonly read: Readonly<Record<string, Tensor>>;
  /** The loss's state before the step. */
  readonly state: Readonly<Record<string, Tensor>>;
  /** Steps done. */
  readonly step: Tensor;
  /** The epoch that the batch began in. */
  readonly epoch: Tensor;
}

/** What {@linkcode lossContext} is made of. */
export interface ContextParts {
  /** Rows of the batch. */
  readonly batch: number;
  /** The groups of each tower's rows. */
  readonly groups: { readonly image: readonly RowGroup[]; readonly text: readonly RowGroup[] };
  /** What the towers give. */
  readonly outputs: { readonly image: TowerOutputs; readonly text: TowerOutputs };
  /** Embeddings of unit length. */
  readonly unit: { readonly image: Tensor; readonly text: Tensor };
  /** Embeddings by other models. */
  readonly teachers: Partial<
    Record<TeacherName, { readonly image: Tensor; readonly text: Tensor }>
  >;
  readonly facts: FactInputs;
  /** The loss's own parameters. */
  readonly parameters: Readonly<Record<string, Tensor>>;
  readonly model: DualEncoder;
  readonly lookup: ParameterLookup;
  /** What the loss asks for. */
  readonly extras: readonly LossExtra[];
}

/** Puts together what a loss is given. */
export function lossContext(parts: ContextParts): LossContext<string, string, LossExtra> {
  const { batch, groups, outputs, unit, teachers, facts, model, lookup, extras } = parts;
  const { present, presentImages, identity, lengths, read, state, step, epoch } = facts;
  const extraOf: { readonly [Name in LossExtra]: () => LossExtras<string>[Name] } = {
    patches: () => firstRows(outputs.image.patches!, batch),
    tokens: () => {
      const tokens = splitGroups(outputs.text.tokens!, batch, groups.text);
      return mapValues(tokens, (embeddings, name) => ({
        embeddings,
        present: tokensPresent(lengths[name]!, embeddings.shape[2]!),
      }));
    },
    pooled: () => splitGroups(outputs.text.pooled!, batch, groups.text),
    read: () => read,
    example: () => facts.example!,
    logitBias: () => {
      if (model.logitBias === undefined) throw new RangeError("the model has no logit bias");
      return lookup(model.logitBias);
    },
    frozen: () => teacherOf(teachers.frozen!, batch, groups.text),
    averaged: () => teacherOf(teachers.averaged!, batch, groups.text),
  };
  const { image: _, ...further } = groups.image.length === 1
    ? {}
    : splitGroups(unit.image, batch, groups.image);
  return {
    image: firstRows(unit.image, batch),
    images: mapValues(further, (embeddings, name) => ({
      embeddings,
      present: presentImages[name]!,
    })),
    text: splitGroups(unit.text, batch, groups.text),
    present,
    identity,
    extra: Object.fromEntries(
      extras.map((name) => [name, extraOf[name]()]),
    ) as unknown as LossExtras<
      string
    >,
    logitScale: exp(lookup(model.logitScale)),
    step,
    epoch,
    parameters: parts.parameters,
    state,
  };
}

function teacherOf(
  { image, text }: { readonly image: Tensor; readonly text: Tensor },
  batch: number,
  groups: readonly RowGroup[],
): LossExtras<string>["frozen"] {
  return { image: l2Normalize(image), text: splitGroups(l2Normalize(text), batch, groups) };
}

/** The rows' own pictures come first. */
function firstRows(all: Tensor, batch: number): Tensor {
  return all.shape[0] === batch ? all : slice(all, { axis: 0, start: 0, end: batch });
}

/** `[batch, count, …]` for each group, of its rows in `[rows, …]`. */
function splitGroups(
  all: Tensor,
  batch: number,
  groups: readonly RowGroup[],
): Record<string, Tensor> {
  const parts = split(all, groups.map(({ count }) => batch * count), 0);
  return Object.fromEntries(
    groups.map(({ name, count }, i) => [
      name,
      reshape(parts[i]!, [batch, count, ...all.shape.slice(1)]),
    ]),
  );
}

/** `[batch, count, tokens]`: 1 for so many of each text's first tokens, else 0. */
function tokensPresent(lengths: Tensor, tokens: number): Tensor {
  const [batch, count] = lengths.shape as readonly [number, number];
  const place = constant(Array.from({ length: tokens }, (_, i) => i), [1, 1, tokens]);
  return cast(greater(reshape(lengths, [batch, count, 1]), place), "float32");
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A, name: string) => B,
): Record<string, B> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, change(value, name)]),
  );
}
