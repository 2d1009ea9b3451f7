import { checkValue, type OptionsSchema } from "./check_options.ts";
import { describeFault, type Fault } from "./settings_error.ts";

/** Faults that a message tells; more are counted. */
const TOLD = 5;

/**
 * What a file holds, held against a schema.
 *
 * @param where The file, or the place in it.
 * @param what What it is expected to be: `"scores"`, `"the configuration of a CLIP"`.
 * @returns the value with the schema's defaults filled in.
 * @throws {SyntaxError} with the place of each fault, what was expected there and what was found.
 */
export function checkContent<T>(
  where: string,
  what: string,
  schema: OptionsSchema<T>,
  value: unknown,
): T {
  const { value: checked, faults } = checkValue(schema, value);
  if (faults === undefined) return checked;
  const told = faults.slice(0, TOLD).map(describe);
  if (faults.length > TOLD) told.push(`and ${faults.length - TOLD} more`);
  throw new SyntaxError(`${where}: not ${what}: ${told.join("; ")}`);
}

function describe(fault: Fault): string {
  if (fault.code !== "unknown") return describeFault(fault);
  return describeFault({
    path: fault.path,
    code: "failed",
    expected: "a field that is not known here, nor what it changes",
    found: undefined,
  });
}
