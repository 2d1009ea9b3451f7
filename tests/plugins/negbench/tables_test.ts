import { expect } from "expect";
import { join } from "node:path";
import type { Context } from "../../../core/context.ts";
import { firstWithPicture } from "../../../core/dataset.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { negFullRows } from "../../../plugins/negbench/rows.ts";
import { negFullTables, questionsAt } from "../../../plugins/negbench/tables.ts";
import { clipNormalization } from "../../../plugins/clip/normalization.ts";
import { localAssets } from "../../helpers/local_assets.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const photos = new URL("../../data/photos/", import.meta.url).pathname;
const [first, second] = ["000000161044.jpg", "000000205401.jpg"];

/** As `generate_negative_captions.py` and `create_mcq.py` write them: pandas, quotes where needed. */
const CAPTIONS = `filepath,caption,extracted_objects,negative_objects,negative_captions
${first},A train,"['train']","['bus', 'car']","['A train, but no bus.', ""There's no car, but a train.""]"
${second},A cat,['cat'],['dog'],['No dog
${second},A cat,['cat'],['dog'],"['A cat, no dog.']"
`;
const HEAD =
  "correct_answer,caption_0,caption_1,caption_2,caption_3,correct_answer_template,image_path";
const QUESTIONS = `${HEAD}
2,A bus but no train,A bus,"No bus, a train",No train,hybrid,${first}
4,a,b,c,d,negative,${first}
0,A cat and a rug,A dog but no cat,,No cat,positive,${second}
0,A cat,A dog but no cat,A dog,A cat,positive,${second}
0,A cat,A dog but no cat,A dog,No cat,positive,${second}
1,A dog,No dog,A dog but no rug,No rug,negative,${second}
`;

async function withTables<T>(
  use: (paths: { captions: string; questions: string }, context: Context) => Promise<T>,
  [captions, questions] = [CAPTIONS, QUESTIONS],
): Promise<T> {
  return await withFolder(async (folder) => {
    const paths = { captions: join(folder, "cap.csv"), questions: join(folder, "mcq.csv") };
    await Deno.writeTextFile(paths.captions, captions!);
    await Deno.writeTextFile(paths.questions, questions!);
    using images = createPicturePool({ workers: 0 });
    return await use(paths, { assets: localAssets, images, log: () => {} });
  });
}

Deno.test("negFullTables: captions that deny, then questions with the right answer first", () =>
  withTables(async (paths, context) => {
    const data = await negFullTables({ ...paths, images: photos }).open(context);
    expect(Array.from({ length: data.length }, (_, i) => data.record(i))).toEqual([
      { id: first, captions: ["A train, but no bus.", "There's no car, but a train."] },
      { id: second, captions: ["A cat, no dog."] },
      { id: first, captions: ["No bus, a train"] },
      { id: second, captions: ["A cat", "No dog"] },
    ]);
    expect([0, 1, 2, 3].map((i) => questionsAt(data, i))).toEqual([
      [],
      [],
      [["No bus, a train", "A bus but no train", "A bus", "No train"]],
      // Two rows of one picture.
      [["A cat", "A dog but no cat", "A dog", "No cat"], [
        "No dog",
        "A dog",
        "A dog but no rug",
        "No rug",
      ]],
    ]);
    expect([0, 1, 2, 3].map((i) => firstWithPicture(data, i))).toEqual([0, 1, 2, 3]);
    expect(await data.size(2)).toEqual(await data.size(0));
    expect(() => data.record(4)).toThrow("expected an example from 0 to 3, found 4");
    expect(data.faults.map(({ where, reason }) => [where.split(", ")[1], reason])).toEqual([
      ["row 3", "negative_captions: expected a list of texts as Python shows it"],
      ["row 3", 'correct_answer: expected 0 to 3, found "4"'],
      ["row 4", "caption_2: expected an answer, found none"],
      ["row 5", "expected one right answer, found it twice"],
    ]);
  }));

Deno.test("negFullTables: names the column that a table lacks", () =>
  withTables(
    async (paths, context) => {
      await expect(negFullTables(paths).open(context)).rejects.toThrow(
        /cap\.csv, row 1: expected the column negative_captions, found filepath, caption$/,
      );
    },
    ["filepath,caption\na.jpg,A cat\n", QUESTIONS],
  ));

Deno.test("negFullRows: an example of the tables gives a caption or a question", () =>
  withTables(async (paths, context) => {
    const data = await negFullTables({ ...paths, images: photos }).open(context);
    const preprocessing = { ...clipNormalization, size: 8 };
    const rows = negFullRows({ caption: "random" });
    const seen = new Set<string>();
    for (let epoch = 0; epoch < 8; epoch++) {
      for (let index = 0; index < data.length; index++) {
        const [row] = await rows.compose(index, { data, preprocessing, seed: 1, epoch });
        expect(row!.image.width).toBe(8);
        seen.add(JSON.stringify(row!.texts));
      }
    }
    const none = [null, null, null, null];
    expect([...seen].toSorted()).toEqual(
      [
        { caption: ["A train, but no bus."], answer: none },
        { caption: ["There's no car, but a train."], answer: none },
        { caption: ["A cat, no dog."], answer: none },
        ...[2, 3].flatMap((index) =>
          questionsAt(data, index)!.map((answer) => ({ caption: [null], answer }))
        ),
      ].map((texts) => JSON.stringify(texts)).toSorted(),
    );
  }));
