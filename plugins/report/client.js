// The browser of single items, inlined into the report. Nothing here is a module: the page has no
// other files. All text from data goes through textContent.

/**
 * @typedef {{
 *   subset: number,
 *   id: string,
 *   images: string[],
 *   texts: string[],
 *   labels: string[],
 *   scores: (number[] | null)[],
 *   margins: (number | null)[],
 *   correct: (Record<string, boolean> | null)[],
 * }} Item An item at every stage; `scores`, `margins` and `correct` are one entry a stage.
 * @typedef {{ name: string, metrics: string[], headline: string }} Subset
 * @typedef {{
 *   stages: string[],
 *   subsets: Subset[],
 *   items: Item[],
 *   pictures: Record<string, string>,
 * }} Data Pictures are data URIs by name.
 * @typedef {"won" | "lost" | "right" | "wrong" | "other"} Outcome
 */

(() => {
  /** How many items are shown at first, and how many more at a time. */
  const PAGE = 20;

  /** @type {Readonly<Record<Outcome, string>>} */
  const outcomeNames = {
    won: "Won",
    lost: "Lost",
    right: "Right before and after",
    wrong: "Wrong before and after",
    other: "Does not count",
  };

  /** @type {Data} */
  const data = JSON.parse(element("items-data").textContent ?? "");
  const form = /** @type {HTMLFormElement} */ (element("item-filters"));
  const list = element("item-list");
  const status = element("item-status");
  const more = /** @type {HTMLButtonElement} */ (element("item-more"));
  const metricField = element("item-metric-field");
  const metricSelect = /** @type {HTMLSelectElement} */ (element("item-metric"));

  let shown = PAGE;
  /** @type {Item[]} */
  let found = [];

  /** @param {string} id */
  function element(id) {
    const found = document.getElementById(id);
    if (found === null) throw new Error(`the page has no #${id}`);
    return found;
  }

  /** What the controls say. */
  function settings() {
    const values = new FormData(form);
    /** @param {string} name */
    const text = (name) => String(values.get(name) ?? "");
    return {
      words: text("search").toLowerCase().split(/\s+/).filter((word) => word !== ""),
      subset: text("subset") === "" ? undefined : Number(text("subset")),
      metric: text("metric"),
      from: Number(text("from")),
      to: Number(text("to")),
      outcome: text("outcome"),
      order: text("order"),
    };
  }

  /**
   * @param {Item} item
   * @param {ReturnType<typeof settings>} asked
   * @returns {Outcome}
   */
  function outcomeOf(item, { subset, metric, from, to }) {
    const { metrics, headline } = /** @type {Subset} */ (data.subsets[item.subset]);
    const all = item.correct[to] ?? item.correct[from] ?? {};
    // An item need not count in the headline: of retrieval, texts count in one and pictures in another.
    const usual = headline in all ? headline : Object.keys(all)[0] ?? headline;
    const name = subset !== undefined && metrics.includes(metric) ? metric : usual;
    const before = item.correct[from]?.[name];
    const after = item.correct[to]?.[name];
    if (before === undefined || after === undefined) return "other";
    if (before !== after) return after ? "won" : "lost";
    return after ? "right" : "wrong";
  }

  /**
   * @param {Item} item
   * @param {ReturnType<typeof settings>} asked
   */
  function changeOf(item, { from, to }) {
    const before = item.margins[from] ?? null;
    const after = item.margins[to] ?? null;
    return before === null || after === null ? 0 : after - before;
  }

  /**
   * @param {Item} item
   * @param {readonly string[]} words
   */
  function mentions(item, words) {
    const text = [item.id, ...item.texts, ...item.images]
      .join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  }

  /**
   * What the order goes by, the greatest first.
   *
   * @param {Item} item
   * @param {ReturnType<typeof settings>} asked
   */
  function keyOf(item, asked) {
    const change = changeOf(item, asked);
    if (asked.order === "gain") return change;
    if (asked.order === "loss") return -change;
    const outcome = outcomeOf(item, asked);
    const turned = outcome === "won" || outcome === "lost";
    // No margin changes by more: cosines lie between -1 and 1.
    return Math.abs(change) + (asked.order === "turned" && turned ? 10 : 0);
  }

  function filter() {
    const asked = settings();
    const within = data.items.filter((item) =>
      (asked.subset === undefined || item.subset === asked.subset) && mentions(item, asked.words)
    );
    /** @type {Record<string, number>} */
    const counts = { all: within.length };
    for (const item of within) {
      const outcome = outcomeOf(item, asked);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    for (const place of form.querySelectorAll("[data-count]")) {
      place.textContent = String(counts[place.getAttribute("data-count") ?? ""] ?? 0);
    }
    found = within.filter((item) =>
      asked.outcome === "all" || outcomeOf(item, asked) === asked.outcome
    );
    if (asked.order !== "given") {
      const keyed = found.map((item) => ({ item, key: keyOf(item, asked) }));
      found = keyed.sort((a, b) => b.key - a.key).map(({ item }) => item);
    }
    shown = PAGE;
    draw();
  }

  function draw() {
    const asked = settings();
    const next = found.slice(0, shown).map((item) => drawItem(item, asked));
    list.replaceChildren(...next);
    const hidden = found.length - next.length;
    status.textContent = found.length === 0
      ? "No item fits."
      : `${found.length} ${found.length === 1 ? "item" : "items"}` +
        (hidden > 0 ? `, ${next.length} shown` : "");
    more.hidden = hidden === 0;
    more.textContent = `Show ${Math.min(PAGE, hidden)} more`;
  }

  /**
   * @param {Item} item
   * @param {ReturnType<typeof settings>} asked
   */
  function drawItem(item, asked) {
    const outcome = outcomeOf(item, asked);
    const row = make("li", `item ${outcome}`);
    row.tabIndex = -1;
    if (item.images.length > 0) {
      const pictures = make("div", "pictures");
      pictures.append(...item.images.map(drawPicture));
      row.append(pictures);
    }
    const body = make("div", "body");
    const heading = make("p", "item-head");
    heading.append(
      make("strong", "outcome", outcomeNames[outcome]),
      " ",
      make("span", "where", `${data.subsets[item.subset]?.name ?? ""} · ${item.id}`),
    );
    body.append(heading);
    if (item.labels.length > 0) body.append(drawScores(item, asked));
    row.append(body);
    return row;
  }

  /** @param {string} name */
  function drawPicture(name) {
    const source = Object.hasOwn(data.pictures, name) ? data.pictures[name] : undefined;
    if (source === undefined) return make("p", "no-picture", name);
    const image = document.createElement("img");
    image.src = source;
    image.alt = `Picture ${name}`;
    image.title = name;
    return image;
  }

  /**
   * @param {Item} item
   * @param {ReturnType<typeof settings>} asked
   */
  function drawScores(item, { from, to }) {
    const before = item.scores[from] ?? [];
    const after = item.scores[to] ?? [];
    const compared = from !== to;
    const table = make("table", "item-scores");
    table.append(make("caption", "visually-hidden", `Scores of ${item.id}`));
    const head = make("tr");
    const columns = compared
      ? ["", data.stages[from] ?? "", data.stages[to] ?? "", "Change"]
      : ["", data.stages[to] ?? ""];
    columns.forEach((title, index) => {
      const cell = index === 0 ? make("td") : make("th", "number", title);
      if (index > 0) cell.setAttribute("scope", "col");
      head.append(cell);
    });
    const rows = item.labels.map((label, index) => {
      const row = make("tr");
      const name = make("th", "text", label);
      name.setAttribute("scope", "row");
      row.append(name);
      const stages = compared ? [before, after] : [after];
      for (const scores of stages) {
        const greatest = isGreatest(item, scores, index) ? " greatest" : "";
        row.append(make("td", `number${greatest}`, scoreText(scores[index])));
      }
      if (compared) row.append(make("td", "number", changeText(before[index], after[index])));
      return row;
    });
    const thead = make("thead");
    thead.append(head);
    const tbody = make("tbody");
    tbody.append(...rows);
    table.append(thead, tbody);
    return table;
  }

  /**
   * Whether a score is above all others that it competes with: those with pictures, which come first,
   * and not those of texts with each other.
   *
   * @param {Item} item
   * @param {readonly number[]} scores
   * @param {number} index
   */
  function isGreatest({ images, texts }, scores, index) {
    const withPictures = images.length * texts.length;
    const rivals = withPictures < 2 ? scores : scores.slice(0, withPictures);
    const score = rivals[index];
    return score !== undefined && rivals.every((other, place) => place === index || other < score);
  }

  /** @param {number | undefined} score */
  function scoreText(score) {
    return score === undefined ? "–" : score.toFixed(3).replace("-", "−");
  }

  /**
   * @param {number | undefined} before
   * @param {number | undefined} after
   */
  function changeText(before, after) {
    if (before === undefined || after === undefined) return "–";
    const text = (after - before).toFixed(3);
    if (Number(text) === 0) return "0.000";
    return text.startsWith("-") ? text.replace("-", "−") : `+${text}`;
  }

  /**
   * @param {string} tag
   * @param {string} [className]
   * @param {string} [text]
   */
  function make(tag, className, text) {
    const made = document.createElement(tag);
    if (className !== undefined) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /** A benchmark with several metrics lets one choose which of them decides. */
  function offerMetrics() {
    const { subset } = settings();
    const chosen = subset === undefined ? undefined : data.subsets[subset];
    metricField.hidden = chosen === undefined || chosen.metrics.length < 2;
    metricSelect.replaceChildren(...(chosen?.metrics ?? []).map((metric) => {
      const option = document.createElement("option");
      option.value = metric;
      option.textContent = metric;
      option.selected = metric === chosen?.headline;
      return option;
    }));
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    if (event.target instanceof HTMLSelectElement && event.target.name === "subset") offerMetrics();
    filter();
  });
  more.addEventListener("click", () => {
    const first = shown;
    shown += PAGE;
    draw();
    // Where the reader was: the button has moved, or is gone.
    const next = list.children[first];
    if (next instanceof HTMLElement) next.focus();
  });
  form.hidden = false;
  offerMetrics();
  filter();
})();
