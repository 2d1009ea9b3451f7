/**
 * The command `write-neighbours`.
 *
 * @module
 */
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { checkOutput } from "../../app/cli/check_output.ts";
import type { DefineCommand } from "../../app/cli/command.ts";
import { interruptedCode, interruptible } from "../../app/cli/interrupt.ts";
import { deviceOption, wholeNumber } from "../../app/cli/options.ts";
import { readPictureEmbeddings } from "../../app/embed/read_embeddings.ts";
import { doPart } from "../../app/shards/do_part.ts";
import type { MergeParts } from "../../app/shards/merge.ts";
import { shardOption } from "../../app/shards/shard_option.ts";
import { writeText } from "../../app/terminal/text_stream.ts";
import { mergeNeighbours } from "./merge_neighbours.ts";
import { writeNeighbours } from "./write_neighbours.ts";

/** Finds which pictures look most alike, by what `embed` left. */
const defineWriteNeighbours: DefineCommand = (command, { world, done }) => {
  command
    .argument("<embeddings>", 'the folder that "embed … --of images" wrote')
    .argument("<out>", "the folder for the neighbours; call it again to go on")
    .option("--neighbours <n>", "how many a picture gets", wholeNumber(1), 3)
    .option("--rows <n>", "pictures of a file", wholeNumber(1), 10_000)
    .addOption(deviceOption())
    .addOption(shardOption())
    .option("--trace", "show the stack of an error")
    .action(async (from, out, { neighbours, rows, device: choice, shard }) => {
      const log = (line: string) => writeText(world.stderr, `${line}\n`);
      await checkOutput("<out>", out, "folder");
      const write = (folder: string) =>
        interruptible(async (signal) => {
          const embeddings = await readPictureEmbeddings(from);
          const device = await openDevice(choice);
          try {
            const { written, kept } = await writeNeighbours({
              ...{ embeddings, folder, device, neighbours, rowsAFile: rows, shard, log, signal },
            });
            if (kept > 0) log(`${kept} files were there already`);
            writeText(world.stdout, `${folder}: ${written} files of neighbours written\n`);
            return true;
          } catch (error) {
            if (!signal.aborted) throw error;
            log("stopped; the same command goes on with the files that are missing");
            done(interruptedCode);
            return false;
          } finally {
            await device.dispose();
          }
        }, () => log("stopping; Ctrl-C again stops at once"));
      const settings = { embeddings: from, neighbours, rows, device: choice };
      await doPart(out, shard, { command: "write-neighbours", settings }, log, write);
    });
};

export default defineWriteNeighbours;

/** Joins the parts that `--shard` left. */
export const merge: MergeParts = mergeNeighbours;
