/**
 * Exports of small models by PyTorch against PyTorch itself: `deno run -A scripts/onnx_exports.ts
 * <folder>`. Each folder in it holds exports (`*.onnx`), `io.safetensors` with inputs and output, and
 * `grads.safetensors` with the gradients of a weighed sum of the output, under the names of parameters.
 * Every export, as a tower that is given more rows than it was made with, must give the same output and
 * gradients within 1e-4 of the largest value.
 */
import { openExport } from "../tests/helpers/onnx_export.ts";
import { openDevice } from "../core/host/devices/open_device.ts";

const [root, only = ""] = Deno.args;
if (root === undefined) {
  console.error("usage: deno run -A scripts/onnx_exports.ts <folder> [name]");
  Deno.exit(2);
}
const device = await openDevice("cpu");
let failures = 0;
for (const folder of Deno.readDirSync(root)) {
  const path = `${root}/${folder.name}`;
  const files = [...Deno.readDirSync(path)].map(({ name }) => name)
    .filter((name) => name.endsWith(".onnx")).toSorted();
  for (const file of files) {
    const name = `${folder.name}/${file}`;
    if (!name.includes(only)) continue;
    try {
      const { output, gradients, parameters } = await openExport(path, file, device);
      const worst = Math.max(...gradients.map(({ difference }) => difference));
      const isGood = output <= 1e-4 && worst <= 1e-4;
      if (!isGood) failures++;
      console.log(
        `${isGood ? "ok" : "WRONG"} ${name}: output ${output.toExponential(1)}, ` +
          `${gradients.length} gradients of ${parameters} initializers ${worst.toExponential(1)}`,
      );
      if (!isGood) console.log(gradients.filter(({ difference }) => !(difference <= 1e-4)));
    } catch (error) {
      failures++;
      console.log(`REFUSED ${name}: ${(error as Error).message}`);
    }
  }
}
await device.dispose();
if (failures > 0) Deno.exit(1);
