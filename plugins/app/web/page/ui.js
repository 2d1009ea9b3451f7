// The page: it draws and asks; all that is computed is computed by its worker.
import { fixedDigits } from "../../../../core/fixed_digits.ts";
import { drawPlot } from "../../report/plot.ts";
import { significant } from "../../report/numbers.ts";
import { ask, listen } from "./ask.js";
import { element, make, paint, reasonOf, say } from "./elements.js";
import { chosenFiles, droppedFiles, readPicture, saveFile } from "./files.js";
import { findWeights } from "./find_weights.ts";

/**
 * @typedef {import("./messages.ts").Answer} Answer
 * @typedef {import("./messages.ts").ShownItem} ShownItem
 * @typedef {import("./messages.ts").BelievedTexts} BelievedTexts
 * @typedef {import("./session.ts").ItemScores} ItemScores
 * @typedef {import("../../../../core/images/raster.ts").Raster} Raster
 * @typedef {{ step: number, loss: number }} LossPoint
 * @typedef {import("./files.js").Brought} Brought
 */

/** Captions that can be compared at once. */
const MOST_CAPTIONS = 6;

/** How many times larger than the model sees them pictures are drawn. */
const SCALE = 6;

// What it believes.

/** @type {Raster | undefined} */
let picture;
/** @type {readonly ShownItem[]} */
let items = [];
let nextScene = 0;
let believing = 0;

const captionList = element("caption-list");

function captionInputs() {
  return [...captionList.querySelectorAll("input")];
}

/** @param {string} text */
function addCaption(text) {
  const number = captionList.children.length + 1;
  const row = make("li");
  const input = document.createElement("input");
  input.type = "text";
  input.value = text;
  input.spellcheck = false;
  input.autocomplete = "off";
  input.setAttribute("aria-label", `Caption ${number}`);
  const shares = make("dl", "shares");
  for (const when of ["before", "now"]) {
    const bar = make("div", `bar ${when}`);
    bar.append(make("i"));
    shares.append(make("dt", undefined, when === "before" ? "Before" : "Now"), bar);
    shares.append(make("dd", when, "–"));
  }
  row.append(input, shares);
  captionList.append(row);
  input.addEventListener("input", believe);
  element("add-caption").toggleAttribute("disabled", number >= MOST_CAPTIONS);
}

/** @param {readonly string[]} texts */
function setCaptions(texts) {
  captionList.replaceChildren();
  texts.forEach(addCaption);
}

/** Asks what the models take of the captions; of several askings the last is shown. */
async function believe() {
  const own = ++believing;
  const inputs = captionInputs().filter(({ value }) => value.trim() !== "");
  if (picture === undefined || inputs.length === 0) return;
  try {
    const believed = await ask("believe", { picture, texts: inputs.map(({ value }) => value) });
    if (own === believing) showBelief(inputs, believed);
  } catch (error) {
    say("unknown", reasonOf(error), true);
  }
}

/**
 * @param {readonly HTMLInputElement[]} inputs
 * @param {BelievedTexts} believed
 */
function showBelief(inputs, { before, now, unknown }) {
  inputs.forEach((input, index) => {
    const shares = /** @type {HTMLElement} */ (input.nextElementSibling);
    for (const [when, belief] of /** @type {const} */ ([["before", before], ["now", now]])) {
      const share = belief.shares[index] ?? 0;
      const bar = /** @type {HTMLElement} */ (shares.querySelector(`.bar.${when} i`));
      bar.style.width = `${100 * share}%`;
      const number = /** @type {HTMLElement} */ (shares.querySelector(`dd.${when}`));
      number.textContent = `${(100 * share).toFixed(1)} %`;
      number.title = `cosine ${fixedDigits(belief.cosines[index] ?? 0, 3)}`;
    }
  });
  say(
    "unknown",
    unknown.length === 0 ? "" : `It does not know: ${unknown.join(", ")}.`,
  );
}

/**
 * @param {Raster} shown
 * @param {string} label
 */
function showPicture(shown, label) {
  picture = shown;
  const canvas = /** @type {HTMLCanvasElement} */ (element("picture"));
  paint(canvas, shown);
  canvas.setAttribute("aria-label", label);
}

/** @param {number} index */
async function showItem(index) {
  const item = await ask("item", { index, scale: SCALE });
  showPicture(item.picture, `A scene: ${item.caption}`);
  setCaptions([item.caption, item.negative]);
  await believe();
}

/** @param {Blob} file */
async function showOwnPicture(file) {
  try {
    showPicture(await readPicture(file), "Your picture");
    await believe();
  } catch (error) {
    say("unknown", `The picture cannot be read: ${reasonOf(error)}`, true);
  }
}

// Training.

/** @type {Map<string, LossPoint[]>} */
const losses = new Map();
let total = 0;
let isDrawing = false;
/** @type {ItemScores | undefined} */
let shownScores;

/** @param {Extract<Answer, { event: string }>} answer */
function hear(answer) {
  if (answer.event === "items") return showScores(answer.scores);
  if (answer.event === "line") return say("progress", answer.line);
  const { step } = answer;
  total = step.total;
  const known = losses.get(step.objective) ?? [];
  known.push({ step: step.step, loss: step.loss });
  losses.set(step.objective, known);
  say(
    "progress",
    `Step ${step.step} of ${step.total}: ${step.objective}, loss ${significant(step.loss)}`,
  );
  const row = make("tr");
  row.append(
    make("td", "number", String(step.step)),
    make("td", undefined, step.objective),
    make("td", "number", step.loss.toFixed(6)),
    make("td", "number", step.seconds.toFixed(2)),
  );
  element("step-rows").append(row);
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    for (const [objective, points] of losses) drawCurve(objective, points);
  });
}

/**
 * @param {string} objective
 * @param {readonly LossPoint[]} points
 */
function drawCurve(objective, points) {
  const place = document.getElementById(`${objective}-curve`);
  const [first, last] = [points[0], points.at(-1)];
  if (place === null || first === undefined || last === undefined) return;
  const values = points.map(({ loss }) => loss);
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const room = (greatest - least) / 10 || Math.abs(least) / 10 || 1;
  const line = points.map(({ step, loss }) => /** @type {const} */ ([step, loss]));
  const { markup } = drawPlot({
    width: 360,
    height: 150,
    x: { from: 0, to: total, ticks: 4, format: String, grid: false, title: "step" },
    y: { from: least - room, to: greatest + room, ticks: 4, format: significant, grid: true },
    marks: [
      { kind: "line", points: line },
      ...(points.length === 1
        ? [{ kind: /** @type {const} */ ("dots"), points: line, radius: 3 }]
        : []),
    ],
  });
  // Our own markup, of numbers alone.
  place.innerHTML = markup;
  say(`${objective}-ends`, `${significant(first.loss)} → ${significant(last.loss)}`);
}

function drawTiles() {
  element("items").replaceChildren(...items.map(({ picture, caption }, index) => {
    const entry = make("li");
    const tile = make("button", "tile");
    tile.setAttribute("type", "button");
    tile.title = caption;
    const canvas = document.createElement("canvas");
    paint(canvas, picture);
    tile.append(canvas);
    tile.addEventListener("click", () => {
      showItem(index);
      element("belief").scrollIntoView({ block: "start" });
    });
    entry.append(tile);
    return entry;
  }));
}

/** @param {ItemScores} scores */
function showScores(scores) {
  const tiles = [...element("items").querySelectorAll("button")];
  tiles.forEach((tile, index) => {
    const [was, is] = [scores.before[index], scores.now[index]];
    const kind = was === is ? (is ? "right" : "wrong") : is ? "won" : "lost";
    const flips = shownScores !== undefined && shownScores.now[index] !== is;
    tile.className = `tile ${kind}${flips ? " flips" : ""}`;
    const outcome = {
      right: "right",
      wrong: "wrong",
      won: "right, before wrong",
      lost: "wrong, before right",
    }[kind];
    tile.setAttribute(
      "aria-label",
      `Item ${index + 1}, ${outcome}: ${items[index]?.caption ?? ""}`,
    );
  });
  /** @param {readonly boolean[]} all */
  const count = (all) => all.filter(Boolean).length;
  say(
    "score",
    `${count(scores.now)} of ${scores.now.length} right now, ${count(scores.before)} before ` +
      "training. In each the false caption has the true one's words, with two attributes swapped; " +
      "choose a picture to look at it above.",
  );
  shownScores = scores;
}

/** @param {boolean} isBusy */
function setTraining(isBusy) {
  for (const id of ["train", "restart", "own-model"]) {
    element(id).toggleAttribute("disabled", isBusy);
  }
  element("stop").toggleAttribute("disabled", !isBusy);
}

/** @param {HTMLFormElement} form */
async function trainBy(form) {
  const values = new FormData(form);
  const [steps, batch, seed] = ["steps", "batch", "seed"].map((name) => Number(values.get(name)));
  losses.clear();
  element("step-rows").replaceChildren();
  setTraining(true);
  say("progress", "The first step takes longest: its programs are compiled.");
  try {
    await ask("train", { steps: steps ?? 0, batch: batch ?? 0, seed: seed ?? 0 });
    const done = [...losses.values()].reduce((sum, { length }) => sum + length, 0);
    say("progress", done < total ? `Stopped after ${done} steps.` : `Trained ${done} steps.`);
    await refresh();
  } catch (error) {
    say("progress", reasonOf(error), true);
  } finally {
    setTraining(false);
  }
}

/** Shows what the model is like now. */
async function refresh() {
  showScores(await ask("scores", null));
  await believe();
}

// Weights.

/** @param {readonly Brought[]} files */
async function takeModel(files) {
  try {
    const { name, file } = findWeights(files);
    await ask("take", { file: { name, bytes: new Uint8Array(await file.arrayBuffer()) } });
    say("weights-status", `The model is now that of ${name}.`);
    await refresh();
  } catch (error) {
    say("weights-status", reasonOf(error), true);
  }
}

async function saveModel() {
  try {
    const files = await ask("files", null);
    files.forEach(saveFile);
    say("weights-status", `Saved ${files.map(({ name }) => name).join(" and ")}.`);
  } catch (error) {
    say("weights-status", reasonOf(error), true);
  }
}

/** @param {readonly Brought[]} files */
function takeFiles(files) {
  const image = files.find(({ file }) => file.type.startsWith("image/"));
  // A run's folder may have pictures too.
  const hasWeights = files.some(({ name }) => name.endsWith(".safetensors"));
  if (image !== undefined && !hasWeights) showOwnPicture(image.file);
  else if (files.length > 0) takeModel(files);
}

// Controls.

listen(hear, (reason) => say("device", `The page's worker failed: ${reason}`, true));

element("another").addEventListener("click", () => showItem(items.length + nextScene++));
element("add-caption").addEventListener("click", () => {
  addCaption("");
  captionInputs().at(-1)?.focus();
});
element("captions").addEventListener("submit", (event) => event.preventDefault());
element("own-picture").addEventListener("change", ({ target }) => {
  const file = /** @type {HTMLInputElement} */ (target).files?.[0];
  if (file !== undefined) showOwnPicture(file);
});
element("train-form").addEventListener("submit", (event) => {
  event.preventDefault();
  trainBy(/** @type {HTMLFormElement} */ (event.currentTarget));
});
element("stop").addEventListener("click", () => ask("stop", null));
element("restart").addEventListener("click", async () => {
  try {
    await ask("restart", null);
    losses.clear();
    element("step-rows").replaceChildren();
    for (const objective of ["clic", "contrastive"]) {
      element(`${objective}-curve`).replaceChildren();
      say(`${objective}-ends`, "");
    }
    say("progress", "The model is as it was shipped.");
    await refresh();
  } catch (error) {
    say("progress", reasonOf(error), true);
  }
});
element("save").addEventListener("click", saveModel);
element("own-model").addEventListener("change", ({ target }) => {
  takeModel(chosenFiles(/** @type {HTMLInputElement} */ (target)));
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  addEventListener(kind, (event) => {
    event.preventDefault();
    document.body.classList.toggle("dropping", kind === "dragover");
  });
}
addEventListener("drop", async (event) => {
  if (event.dataTransfer !== null) takeFiles(await droppedFiles(event.dataTransfer));
});

/** `?device=wasm` passes WebGPU by; steps, batch, seed and items can stand there too. */
const asked = new URLSearchParams(location.search);
for (const name of ["steps", "batch", "seed"]) {
  const value = asked.get(name);
  if (value !== null) /** @type {HTMLInputElement} */ (element(name)).value = value;
}

try {
  const facts = await ask("open", {
    device: asked.get("device") === "wasm" ? "wasm" : "auto",
    weights: new URL("./tiny_clip.safetensors", location.href).href,
    items: Math.min(500, Math.max(1, Math.trunc(Number(asked.get("items") ?? 60)) || 60)),
  });
  items = facts.items;
  const where = facts.device === "webgpu"
    ? `WebGPU: ${facts.description}`
    : `wasm, which is slower: ${facts.reason}`;
  say("device", `${facts.parameters.toLocaleString("en-US")} parameters on ${where}.`);
  element("words").textContent = facts.words.join(" ");
  drawTiles();
  await showItem(0);
  showScores(await ask("scores", null));
  for (
    const id of ["another", "own-picture", "add-caption", "train", "restart", "save", "own-model"]
  ) {
    element(id).toggleAttribute("disabled", false);
  }
  document.body.dataset["ready"] = facts.device;
} catch (error) {
  say("device", `The model cannot be opened: ${reasonOf(error)}`, true);
}
