// The browser of single items, inlined into the report. Nothing here is a module: the page has no
// other files. All text from data goes through textContent.

/**
 * @typedef {{ text: string, truth: boolean | null }} Told
 * @typedef {{
 *   subset: number,
 *   id: string,
 *   images: string[],
 *   metric: string,
 *   texts: Told[],
 *   rows: Told[],
 *   rivals: Record<string, [own: number, other: number][]>,
 *   scores: (number[] | null)[],
 *   correct: (Record<string, boolean> | null)[],
 * }} Item An item at every stage; `scores` and `correct` are one entry a stage.
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
   * The metric that decides about an item.
   *
   * @param {Item} item
   * @param {ReturnType<typeof settings>} asked
   */
  function metricOf(item, { subset, metric }) {
    return subset === undefined || metric === "" ? item.metric : metric;
  }

  /**
   * @param {Item} item
   * @param {ReturnType<typeof settings>} asked
   * @returns {Outcome}
   */
  function outcomeOf(item, asked) {
    const metric = metricOf(item, asked);
    const before = item.correct[asked.from]?.[metric];
    const after = item.correct[asked.to]?.[metric];
    if (before === undefined || after === undefined) return "other";
    if (before !== after) return after ? "won" : "lost";
    return after ? "right" : "wrong";
  }

  /**
   * The least difference that the metric asks for.
   *
   * @param {Item} item
   * @param {number} stage
   * @param {string} metric
   */
  function marginOf({ scores, rivals }, stage, metric) {
    const known = scores[stage] ?? undefined;
    const pairs = rivals[metric] ?? [];
    if (known === undefined || pairs.length === 0) return undefined;
    return Math.min(...pairs.map(([own, other]) => (known[own] ?? 0) - (known[other] ?? 0)));
  }

  /**
   * @param {Item} item
   * @param {readonly string[]} words
   */
  function mentions({ id, images, texts, rows }, words) {
    const told = rows.filter(({ truth }) => truth !== null);
    const text = [id, ...images, ...[...texts, ...told].map(({ text }) => text)]
      .join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  }

  /**
   * What the order goes by, the greatest first; what does not count comes last.
   *
   * @param {Item} item
   * @param {ReturnType<typeof settings>} asked
   */
  function keyOf(item, asked) {
    const metric = metricOf(item, asked);
    const before = marginOf(item, asked.from, metric);
    const after = marginOf(item, asked.to, metric);
    const outcome = outcomeOf(item, asked);
    const rank = outcome === "other" ? 0 : 1;
    const change = before === undefined || after === undefined ? 0 : after - before;
    if (asked.order === "gain") return { rank, size: change };
    if (asked.order === "loss") return { rank, size: -change };
    return { rank, size: Math.abs(change) };
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
      place.textContent = countText(counts[place.getAttribute("data-count") ?? ""] ?? 0);
    }
    found = within.filter((item) =>
      asked.outcome === "all" || outcomeOf(item, asked) === asked.outcome
    );
    if (asked.order !== "given") {
      const keyed = found.map((item) => ({ item, ...keyOf(item, asked) }));
      found = keyed.sort((a, b) => b.rank - a.rank || b.size - a.size).map(({ item }) => item);
      if (asked.order === "turned") found = inTurn(found, asked);
    }
    shown = PAGE;
    draw();
  }

  /**
   * What was won and what was lost in turn, then all others, each in the order given.
   *
   * @param {readonly Item[]} items
   * @param {ReturnType<typeof settings>} asked
   */
  function inTurn(items, asked) {
    /** @param {Outcome} outcome */
    const of = (outcome) => items.filter((item) => outcomeOf(item, asked) === outcome);
    const [won, lost] = [of("won"), of("lost")];
    const turned = Array.from(
      { length: Math.max(won.length, lost.length) },
      (_, rank) => [won[rank] ?? [], lost[rank] ?? []].flat(),
    ).flat();
    const known = new Set(turned);
    return [...turned, ...items.filter((item) => !known.has(item))];
  }

  function draw() {
    const asked = settings();
    const next = found.slice(0, shown).map((item) => drawItem(item, asked));
    list.replaceChildren(...next);
    const hidden = found.length - next.length;
    status.textContent = found.length === 0
      ? "No item fits."
      : `${countText(found.length)} ${found.length === 1 ? "item" : "items"}` +
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
    const { name, metrics } = /** @type {Subset} */ (data.subsets[item.subset]);
    const decides = metrics.length > 1 ? [metricOf(item, asked)] : [];
    heading.append(
      make("strong", "outcome", outcomeNames[outcome]),
      " ",
      make("span", "where", [name, item.id, ...decides].join(" · ")),
    );
    body.append(heading);
    if (item.texts.length > 0) {
      const texts = make("ul", "texts");
      texts.append(...item.texts.map((told) => drawTold("li", told)));
      body.append(texts);
    }
    if (item.rows.length > 0) body.append(drawScores(item, asked));
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
   * A text after what is to be known of it.
   *
   * @param {string} tag
   * @param {Told} told
   */
  function drawTold(tag, { text, truth }) {
    const told = make(tag, "told");
    if (truth !== null) told.append(make("span", `truth ${truth}`, String(truth)), " ");
    told.append(text);
    return told;
  }

  /**
   * @param {Item} item
   * @param {ReturnType<typeof settings>} asked
   */
  function drawScores(item, asked) {
    const stages = asked.from === asked.to ? [asked.to] : [asked.from, asked.to];
    const metric = metricOf(item, asked);
    const table = make("table", "item-scores");
    table.append(make("caption", "visually-hidden", `Scores of ${item.id}`));
    const head = make("tr");
    head.append(make("td"));
    const columns = stages.map((stage) => data.stages[stage] ?? "");
    for (const title of stages.length > 1 ? [...columns, "Change"] : columns) {
      const cell = make("th", "number", title);
      cell.setAttribute("scope", "col");
      head.append(cell);
    }
    const thead = make("thead");
    thead.append(head);
    const tbody = make("tbody");
    tbody.append(...item.rows.map((told, index) => {
      const scores = stages.map((stage) => item.scores[stage]?.[index]);
      const bold = stages.map((stage) => isAbove(item, stage, metric, index));
      return drawRow(drawTold("th", told), scores, bold);
    }));
    table.append(thead, tbody);
    const margins = stages.map((stage) => marginOf(item, stage, metric));
    if (margins.some((margin) => margin !== undefined)) {
      const tfoot = make("tfoot");
      tfoot.append(drawRow(make("th", undefined, "Margin"), margins, []));
      table.append(tfoot);
    }
    return table;
  }

  /**
   * @param {HTMLElement} name
   * @param {readonly (number | undefined)[]} values One for each stage shown.
   * @param {readonly boolean[]} bold
   */
  function drawRow(name, values, bold) {
    const row = make("tr");
    name.setAttribute("scope", "row");
    row.append(name);
    values.forEach((value, index) => {
      row.append(make("td", bold[index] ? "number greatest" : "number", scoreText(value)));
    });
    if (values.length > 1) row.append(make("td", "number", changeText(values[0], values[1])));
    return row;
  }

  /**
   * Whether a score is above all that the metric holds against it.
   *
   * @param {Item} item
   * @param {number} stage
   * @param {string} metric
   * @param {number} index
   */
  function isAbove({ scores, rivals }, stage, metric, index) {
    const known = scores[stage] ?? [];
    const against = (rivals[metric] ?? []).flatMap(([own, other]) =>
      own === index ? [other] : other === index ? [own] : []
    );
    const score = known[index];
    return score !== undefined && against.length > 0 &&
      against.every((other) => score > (known[other] ?? Infinity));
  }

  /** @param {number} count */
  function countText(count) {
    return count.toLocaleString("en-US");
  }

  /**
   * To three decimals, never "-0.000".
   *
   * @param {number} value
   */
  function digits(value) {
    const text = value.toFixed(3);
    return Number(text) === 0 ? text.replace("-", "") : text;
  }

  /** @param {number | undefined} score */
  function scoreText(score) {
    return score === undefined ? "–" : digits(score).replace("-", "−");
  }

  /**
   * @param {number | undefined} before
   * @param {number | undefined} after
   */
  function changeText(before, after) {
    if (before === undefined || after === undefined) return "–";
    const text = digits(after - before);
    return text.startsWith("-") ? text.replace("-", "−") : Number(text) > 0 ? `+${text}` : text;
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
  followAddress(form, (name) => name === "subset" && offerMetrics());
  filter();
})();
