/**
 * How good the negatives of captions are, as rows of a table:
 *
 *     deno run -A scripts/measure_negatives.ts <captions>[,<captions>…] <generator>…
 *
 * A generator is one that `write-negatives` knows, with options behind a colon
 * (`negclip:preset=released,articles="keep"`); `clic`, the swap between a caption and the next one;
 * or `published`, what the file itself holds. The forms of files: `scripts/read_captions.ts`.
 */
import { cpuUsage } from "node:process";
import { createRandom } from "../core/random.ts";
import type { DataSet } from "../core/dataset.ts";
import { PictureError } from "../core/images/picture_error.ts";
import { parseAssignment } from "../core/parse_assignment.ts";
import { assetsFromEnvironment } from "../core/host/assets/environment.ts";
import { swapWords } from "../plugins/clic/swap.ts";
import { tagSentence } from "../plugins/clic/tagged_sentence.ts";
import { isSynonym, synonymTest } from "../plugins/language/synonym.ts";
import { winkTagger } from "../plugins/language/wink_tagger.ts";
import { readWordNet } from "../plugins/language/wordnet.ts";
import { joinPlugins } from "../core/join_plugins.ts";
import { plugins } from "../plugins/index.ts";
import { loadGenerator } from "../plugins/negatives/commands/load_generator.ts";
import { differences, termsOf } from "./compare_sentences.ts";
import { type PublishedCaption, readCaptions } from "./read_captions.ts";
import { changedPreposition, isSymmetricSwap, sharesMeaning } from "./same_meaning.ts";

/** Negatives of caption `index`, `null` where there is none. */
type Make = (index: number) => Promise<readonly (string | null)[]>;

const tagger = winkTagger();
const dictionary = readWordNet();
const areSynonyms = synonymTest();

async function makerOf(choice: string, captions: readonly PublishedCaption[]): Promise<Make> {
  const [name = "", options = ""] = choice.split(/:(.*)/s);
  if (name === "published") {
    return (index) => Promise.resolve([captions[index]!.published[0] ?? null]);
  }
  if (name === "clic") {
    return (index) => {
      const next = captions[(index + 1) % captions.length]!;
      const [a, b] = [captions[index]!, next].map(({ caption }) => tagSentence(caption, tagger));
      const random = createRandom(0, "clic", index);
      const swapped = swapWords(a!, b!, random, {
        replacement: "token",
        fallback: "redraw",
        areSynonyms,
      });
      return Promise.resolve([swapped?.[0] ?? null]);
    };
  }
  const changes = Object.fromEntries(
    options.split(",").filter(Boolean).map(parseAssignment).map(({ path, value }) => [path, value]),
  );
  const chosen = (await loadGenerator(name, joinPlugins(plugins).negatives)).with(changes);
  const generator = await chosen.prepare?.({
    assets: assetsFromEnvironment({ log: console.error }),
    data: withoutPictures(captions),
    log: console.error,
    rehearsal: false,
  }) ?? chosen;
  return (index) => generator.generate(captions[index]!.caption, createRandom(0, "measure", index));
}

/** Captions as a data set, which generators are prepared for. */
function withoutPictures(captions: readonly PublishedCaption[]): DataSet {
  const missing = (index: number) =>
    Promise.reject(new PictureError(`caption ${index + 1}`, "has no picture"));
  return {
    name: "captions",
    length: captions.length,
    faults: [],
    record: (index) => ({ id: String(index + 1), captions: [captions[index]!.caption] }),
    size: missing,
    pixels: missing,
    fingerprint: () => Promise.resolve("captions"),
  };
}

/** A text as others are compared with it: in lower case, without spaces before marks. */
function plain(text: string): string {
  return text.toLowerCase().replace(/\s+(?=[^\p{L}\p{N}\s])|\s+$/gu, "").replace(/\s+/g, " ")
    .trim();
}

/** Whether a negative says the same as its caption: word by word the same or a synonym. */
function saysTheSame(caption: string, negative: string): boolean {
  const [a, b] = [caption, negative].map((each) => tagger.tag(each.toLowerCase()));
  return a!.length === b!.length &&
    a!.every(({ text, tag }, i) => isSynonym(dictionary, text, b![i]!.text, tag));
}

/** Whether every changed stretch ends in a word of the part of speech that stood there before. */
function keepsTags(caption: string, negative: string): boolean {
  return differences(termsOf(caption), termsOf(negative)).every(({ before, after }) =>
    before.at(-1)?.tag === after.at(-1)?.tag
  );
}

/** One row for all slots together, and one for each if there are several. */
function rowsOf(
  name: string,
  captions: readonly PublishedCaption[],
  made: readonly (readonly (string | null)[])[],
  speed: string,
): readonly (readonly string[])[] {
  const slots = made[0]?.length ?? 0;
  const row = (title: string, texts: readonly (readonly (string | null)[])[], speed: string) => {
    const negatives = texts.flatMap((each, i) =>
      each.filter((text) => text !== null).map((text) => ({ text, of: captions[i]! }))
    );
    const having = texts.filter((each) => each.some((text) => text !== null)).length;
    const share = (count: number, of = negatives.length) =>
      of === 0 ? "" : (100 * count / of).toFixed(1);
    const prepositions = negatives.map(({ text, of }) => changedPreposition(of.caption, text))
      .filter((each) => each !== undefined);
    const comparable = negatives.filter(({ of }) => of.published.length > 0);
    return [
      title,
      share(having, captions.length),
      share(negatives.filter(({ text, of }) => plain(text) === plain(of.caption)).length),
      share(negatives.filter(({ text, of }) => saysTheSame(of.caption, text)).length),
      share(negatives.filter(({ text, of }) => sharesMeaning(dictionary, of.caption, text)).length),
      share(negatives.filter(({ text, of }) => isSymmetricSwap(of.caption, text)).length),
      share(prepositions.length),
      share(prepositions.filter(({ alike }) => alike).length),
      share(negatives.filter(({ text, of }) => keepsTags(of.caption, text)).length),
      share(
        comparable.filter(({ text, of }) => of.published.map(plain).includes(plain(text))).length,
        comparable.length,
      ),
      speed,
    ];
  };
  const each = slots < 2 ? [] : Array.from(
    { length: slots },
    (_, slot) => row(`${name}, slot ${slot + 1}`, made.map((texts) => [texts[slot]!]), ""),
  );
  return [row(name, made, speed), ...each];
}

const [paths, ...choices] = Deno.args;
if (paths === undefined || choices.length === 0) {
  console.error(
    "usage: measure_negatives.ts <captions>[,<captions>…] <generator>[:option=value,…]…",
  );
  Deno.exit(2);
}
const captions = readCaptions(paths.split(","));
const table = [
  ["Negatives", "Captions with one, %", "Equal, %", "Equal or synonymous, %"],
  ["Share a meaning, %", "Symmetric swaps, %", "Prepositions, %", "Alike ones, %", "Same tags, %"],
  ["Published, %", "Captions a second"],
].flat();
const print = (row: readonly string[]) => console.log(`| ${row.join(" | ")} |`);
console.log(`${captions.length} captions\n`);
print(table);
print(table.map((_, column) => column === 0 ? "---" : "--:"));
for (const choice of choices) {
  const make = await makerOf(choice, captions);
  // Seconds of this process, whatever else the machine does.
  const seconds = () => cpuUsage().user / 1e6;
  const pass = async () => {
    const start = seconds();
    const made = [];
    for (const index of captions.keys()) made.push(await make(index));
    return { made, speed: Math.round(captions.length / (seconds() - start)) };
  };
  const { made, speed: first } = await pass();
  const { speed: second } = await pass();
  for (const row of rowsOf(choice, captions, made, `${first}, then ${second}`)) print(row);
}
