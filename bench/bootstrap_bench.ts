/**
 * The bootstrap interval of a retrieval recall at the size of COCO's test split, and of a paired
 * difference over as many items: `deno bench -A bench/bootstrap_bench.ts`.
 */
import { bootstrapInterval } from "../plugins/app/results/bootstrap.ts";
import { createRandom } from "../core/random.ts";

const random = createRandom(1);

function stratumOf(draw: () => number) {
  const values = Array.from({ length: 25_010 }, (_, i) => [String(i), draw()] as const);
  return { weight: 1, values: new Map(values) };
}

const hits = stratumOf(() => random.next() < 0.3 ? 1 : 0);
const changes = stratumOf(() => random.pick([-1, 0, 0, 0, 1, 1]));

Deno.bench("interval of a share of 25,010 items", () => {
  bootstrapInterval([hits]);
});

Deno.bench("interval of a difference over 25,010 items", () => {
  bootstrapInterval([changes]);
});
