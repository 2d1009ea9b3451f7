import type { DataSet } from "../../../core/dataset.ts";
import { applyOperation } from "../../../core/images/operation.ts";
import { createRandom, type Random } from "../../../core/random.ts";

const adjectives = ["red", "small", "wooden", "young", "striped", "tall", "shiny", "old", "green"];
const nouns = ["dog", "table", "woman", "bus", "cup", "horse", "window", "bench", "kite", "train"];
const verbs = ["holding", "watching", "passing", "facing", "touching", "crossing", "following"];
const places = ["in the park", "on a street", "near the water", "inside a room", "by the road"];

/** Pictures that differ; the examples take them in turn. */
const PICTURES = 8;

/**
 * Noise with English captions of the usual length: for measuring what a run would take, where its
 * data is not at hand.
 */
export function generatedData(length: number, seed: number): DataSet {
  const pictures = Array.from({ length: Math.min(PICTURES, length) }, (_, index) => {
    const [width, height] = index % 2 === 0 ? [320, 240] as const : [240, 320] as const;
    const random = createRandom(seed, "generated pixels", index);
    const data = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256));
    return { width, height, data };
  });
  const pictureOf = (index: number) => pictures[index % pictures.length]!;
  const data: DataSet = {
    name: "generated data",
    length,
    faults: [],
    record: (index) => {
      const random = createRandom(seed, "generated captions", index);
      return {
        id: `generated/${index}`,
        captions: Array.from({ length: 5 }, () => sentence(random)),
      };
    },
    size: (index) => {
      const { width, height } = pictureOf(index);
      return Promise.resolve({ width, height });
    },
    pixels: (index, operation = { kind: "full" }) =>
      Promise.resolve(applyOperation(pictureOf(index), operation)),
    fingerprint: () => Promise.resolve(`generated data, ${length} examples, seed ${seed}`),
  };
  // They stand for negatives too, where a composer asks for such.
  return { ...data, negatives: data };
}

function sentence(random: Random): string {
  const thing = () => `a ${random.pick(adjectives)} ${random.pick(nouns)}`;
  return `${thing()} ${random.pick(verbs)} ${thing()} ${random.pick(places)}.`;
}
