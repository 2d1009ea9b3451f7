import { expect } from "expect";
import { add } from "../../../core/graph/elementwise.ts";
import { sum } from "../../../core/graph/linear.ts";
import { cast } from "../../../core/graph/cast.ts";
import { constant } from "../../../core/graph/node.ts";
import { replaceTensors } from "../../../core/graph/replace_tensors.ts";
import type { DualEncoder } from "../../../core/model.ts";
import { givenTexts } from "../../../plugins/export/given_texts.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";
import { miniClip } from "../../helpers/small_clip.ts";

const base = miniClip(1);

/** A model whose texts are `[1] + ids + [2]`, up to six, and whose tower looks at their ends or not. */
function modelOf(looksAtEnd: boolean, changes?: DualEncoder["tokenizer"]["changes"]): DualEncoder {
  return {
    ...base,
    text: {
      contextLength: 6,
      vocabulary: 20,
      encode: (ids, end) => {
        const total = sum(cast(ids, "float32"), [1]);
        return looksAtEnd ? add(total, cast(end, "float32")) : total;
      },
    },
    tokenizer: {
      padding: 7,
      encode: () => [1, 9, 2],
      ...(changes === undefined ? {} : { changes }),
    },
  };
}

async function idsOf(model: DualEncoder, given: readonly number[]): Promise<number[]> {
  const texts = givenTexts(model, 1, () => constant([0], []));
  const text = constant(given, [1, given.length], "int64");
  const [ids] = replaceTensors([texts.ids], new Map([[texts.given, text]]));
  return [...await evaluateGraph(cast(ids!, "float32"))];
}

Deno.test("givenTexts: texts are filled with the model's own padding, and none is cut", async () => {
  expect(await idsOf(modelOf(false), [1, 9, 2, 2])).toEqual([1, 9, 2, 2, 7, 7]);
  expect(await idsOf(modelOf(false), [1, 9, 9, 9, 9, 2])).toEqual([1, 9, 9, 9, 9, 2]);
  await expect(idsOf(modelOf(false), [1, 9, 9, 9, 9, 9, 2])).rejects.toThrow();
});

Deno.test("givenTexts: where the tower looks at a text's end, other programs' padding goes", async () => {
  // As CLIP's tokenizer pads, with the end token, which CoCa's text tower would see.
  expect(await idsOf(modelOf(true), [1, 9, 2, 2])).toEqual([1, 9, 2, 7, 7, 7]);
});

Deno.test("givenTexts: ids in the place of others, and one in the last place", async () => {
  const changes = { replaced: new Map([[2, 0]]), last: 5 };
  expect(await idsOf(modelOf(false, changes), [1, 9, 2])).toEqual([1, 9, 0, 7, 7, 5]);
});
