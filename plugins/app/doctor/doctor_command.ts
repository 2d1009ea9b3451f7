/**
 * The command `doctor`.
 *
 * @module
 */
import { join } from "node:path";
import { assetsOptionsFromEnvironment } from "../../../core/host/assets/environment.ts";
import type { DefineCommand } from "../cli/command.ts";
import { writeText } from "../terminal/text_stream.ts";
import { type Finding, type Findings, formatFindings, reasonOf } from "./finding.ts";
import { lookAtDevices } from "./look_at_devices.ts";
import { lookAtHub } from "./look_at_hub.ts";
import { lookAtFolder, lookAtMachine, lookAtPermissions } from "./look_at_machine.ts";

/** Looks at all that commands depend on. */
const defineDoctor: DefineCommand = (command, { world, done }) => {
  command
    .option("--json", "print everything as JSON")
    .option("--runs <folder>", "the folder for run folders", "runs")
    .option("--no-hub", "ask no hub")
    .option("--trace", "show the stack of an error")
    .action(async ({ json, runs, hub }) => {
      const found = await lookAtAll(runs, hub);
      writeText(
        world.stdout,
        json ? `${JSON.stringify(found, null, 2)}\n` : formatFindings(found),
      );
      const faulty = found.some(({ findings }) => findings.some(({ state }) => state === "fault"));
      done(faulty ? 1 : 0);
    });
};

export default defineDoctor;

async function lookAtAll(runs: string, asked: boolean): Promise<readonly Findings[]> {
  const { folders, hub } = await lookAtFiles(runs, asked);
  return [
    { title: "Machine", findings: await lookAtMachine() },
    { title: "Permissions", findings: lookAtPermissions() },
    { title: "Devices", findings: await lookAtDevices(Deno.env.get("SYNTAGMA_ONNXRUNTIME")) },
    { title: "Folders", findings: folders },
    ...asked ? [{ title: "Hub", findings: hub }] : [],
  ];
}

async function lookAtFiles(
  runs: string,
  asked: boolean,
): Promise<{ readonly folders: readonly Finding[]; readonly hub: readonly Finding[] }> {
  const ofRuns = await lookAtFolder("runs", join(Deno.cwd(), runs), "--runs names another folder");
  try {
    const options = assetsOptionsFromEnvironment((name) => Deno.env.get(name));
    const ofCache = await lookAtFolder(
      "cache",
      options.cache,
      "SYNTAGMA_CACHE names another folder",
    );
    return { folders: [ofRuns, ofCache], hub: asked ? await lookAtHub(options) : [] };
  } catch (error) {
    return {
      folders: [ofRuns, { what: "cache", state: "fault", found: reasonOf(error) }],
      hub: [],
    };
  }
}
