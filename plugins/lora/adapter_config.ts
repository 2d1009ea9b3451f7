/**
 * `adapter_config.json`, by which PEFT describes adapters.
 *
 * @module
 */
import { z } from "zod";

/** What adapters in a folder have in common, and what single layers have of their own. */
export interface AdapterConfig {
  /** The weights that the adapters belong to, as PEFT names them. */
  readonly base: string | null;
  readonly rank: number;
  readonly alpha: number;
  readonly rankStabilized: boolean;
  readonly dora: boolean;
  /** Alphas of single layers, by patterns of their names. */
  readonly alphas: Readonly<Record<string, number>>;
}

const off = (...values: readonly unknown[]) =>
  z.unknown().refine((value) => value === undefined || value === null || values.includes(value))
    .optional();

/** Fields that say how training went or how PEFT loads, none of which changes what is computed. */
const SILENT = new Set([
  ...["auto_mapping", "task_type", "inference_mode", "peft_version", "revision", "lora_dropout"],
  ...["target_modules", "exclude_modules", "rank_pattern", "init_lora_weights", "megatron_config"],
  ...["megatron_core", "eva_config", "corda_config", "loftq_config", "runtime_config"],
  ...["qalora_group_size", "ensure_weight_tying", "layers_to_transform", "layers_pattern"],
  ...["lora_ga_config", "arrow_config"],
]);

const schema = z.object({
  peft_type: z.literal("LORA"),
  base_model_name_or_path: z.string().nullish(),
  r: z.int().positive().default(8),
  lora_alpha: z.number().positive().default(8),
  use_rslora: z.boolean().nullish(),
  use_dora: z.boolean().nullish(),
  alpha_pattern: z.record(z.string(), z.number().positive()).nullish(),
  bias: off("none"),
  fan_in_fan_out: off(false),
});

/** Ways to begin that change the weights of the base too. */
const CHANGES_BASE = /^(pissa|olora|corda|loftq|lora_ga)/;

/**
 * Reads an `adapter_config.json`.
 *
 * @throws {SyntaxError} if it is none of LoRA, or has a setting that is not known here.
 */
export function parseAdapterConfig(path: string, json: unknown): AdapterConfig {
  const result = schema.safeParse(json);
  if (!result.success) {
    const { path: where, message } = result.error.issues[0]!;
    throw new SyntaxError(
      `${path}: ${
        where.join(".") || "the file"
      }: expected a LoRA adapter of PEFT that is computed here, ` +
        `found ${
          JSON.stringify((json as Record<string, unknown> | null)?.[String(where[0])])
        } (${message})`,
    );
  }
  const all = json as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(all)) {
    if (name in schema.shape || SILENT.has(name) || isOff(value)) continue;
    throw new SyntaxError(
      `${path}: ${name}: expected it to be off, for it is not known here, found ${
        JSON.stringify(value)
      }`,
    );
  }
  const start = all.init_lora_weights;
  if (typeof start === "string" && CHANGES_BASE.test(start)) {
    throw new SyntaxError(
      `${path}: init_lora_weights: expected a way to begin that leaves the base model as it is, found ` +
        `"${start}"; PEFT converts such adapters when it saves them (path_initial_model_for_weight_conversion)`,
    );
  }
  const { base_model_name_or_path, r, lora_alpha, use_rslora, use_dora, alpha_pattern } =
    result.data;
  return {
    base: base_model_name_or_path ?? null,
    rank: r,
    alpha: lora_alpha,
    rankStabilized: use_rslora ?? false,
    dora: use_dora ?? false,
    alphas: alpha_pattern ?? {},
  };
}

function isOff(value: unknown): boolean {
  return value === null || value === false ||
    typeof value === "object" && Object.keys(value).length === 0;
}

/** The alpha of a layer: that of the first pattern that its name ends with, else that of all. */
export function alphaOf(module: string, { alpha, alphas }: AdapterConfig): number {
  const own = Object.keys(alphas).find((key) => new RegExp(`^(.*\\.)?(${key})$`).test(module));
  return own === undefined ? alpha : alphas[own]!;
}

/** What {@linkcode formatAdapterConfig} writes. */
export interface WrittenAdapters extends Omit<AdapterConfig, "alphas"> {
  /** The layers as modules of the base model, with what is their own. */
  readonly modules: readonly {
    readonly module: string;
    readonly rank: number;
    readonly alpha: number;
  }[];
  /** Modules without an adapter. */
  readonly others: readonly string[];
}

/** The file's content, for PEFT. */
export function formatAdapterConfig(written: WrittenAdapters): string {
  const { base, rank, alpha, rankStabilized, dora, modules, others } = written;
  const names = modules.map(({ module }) => module);
  const own = <T>(value: (each: WrittenAdapters["modules"][number]) => T, usual: T) =>
    Object.fromEntries(
      modules.filter((each) => value(each) !== usual)
        .map((each) => [`^${escaped(each.module)}$`, value(each)]),
    );
  // A name in a list is that of every module that ends with it; an expression is that of whole names.
  const isMeant = names.every((name) => !others.some((other) => other.endsWith(`.${name}`)));
  const config = {
    peft_type: "LORA",
    task_type: null,
    base_model_name_or_path: base,
    inference_mode: true,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    target_modules: isMeant ? names : `(${names.map(escaped).join("|")})`,
    rank_pattern: own((each) => each.rank, rank),
    alpha_pattern: own((each) => each.alpha, alpha),
    bias: "none",
    fan_in_fan_out: false,
    init_lora_weights: true,
    modules_to_save: null,
    use_dora: dora,
    use_rslora: rankStabilized,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function escaped(name: string): string {
  return name.replaceAll(".", "\\.");
}
