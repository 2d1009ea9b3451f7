import type { Rule, Rules } from "./call.ts";
import { isOnnxDomain } from "./parse_model.ts";
import { arithmeticRules } from "./rules/arithmetic.ts";
import { attendingRules } from "./rules/attending.ts";
import { choosingRules } from "./rules/choosing.ts";
import { convolvingRules } from "./rules/convolving.ts";
import { functionRules, runtimeRules } from "./rules/functions.ts";
import { lossRules } from "./rules/losses.ts";
import { makingRules } from "./rules/making.ts";
import { normalizingRules } from "./rules/normalizing.ts";
import { placeRules } from "./rules/places.ts";
import { poolingRules } from "./rules/pooling.ts";
import { productRules } from "./rules/products.ts";
import { reducingRules } from "./rules/reducing.ts";
import { resizingRules } from "./rules/resizing.ts";
import { shapeRules } from "./rules/shapes.ts";

/** The rule of an operator of a domain, if it is read. */
export function ruleOf(domain: string, name: string): Rule | undefined {
  const known = isOnnxDomain(domain) ? rules : domain === "com.microsoft" ? runtimeRules : {};
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

/** All of ONNX's operators that are read. */
export const rules: Rules = {
  ...arithmeticRules,
  ...attendingRules,
  ...choosingRules,
  ...convolvingRules,
  ...functionRules,
  ...lossRules,
  ...makingRules,
  ...normalizingRules,
  ...placeRules,
  ...poolingRules,
  ...productRules,
  ...reducingRules,
  ...resizingRules,
  ...shapeRules,
};
