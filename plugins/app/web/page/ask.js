// The page's worker, which computes all that is computed.

/**
 * @typedef {import("./messages.ts").Requests} Requests
 * @typedef {import("./messages.ts").Answer} Answer
 * @typedef {Extract<Answer, { event: string }>} Event
 */

/** @type {(event: Event) => void} */
let hear = () => {};

const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

/** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
const waiting = new Map();
let lastId = 0;

/**
 * @template {keyof Requests} Kind
 * @param {Kind} kind
 * @param {Requests[Kind][0]} content
 * @returns {Promise<Requests[Kind][1]>}
 */
export function ask(kind, content) {
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, kind, content });
  });
}

worker.addEventListener("message", ({ data }) => {
  const answer = /** @type {Answer} */ (data);
  if ("event" in answer) return hear(answer);
  const request = waiting.get(answer.id);
  waiting.delete(answer.id);
  if ("error" in answer) request?.reject(new Error(answer.error));
  else request?.resolve(answer.result);
});

/**
 * Hears of what happens while a model trains, and of a worker that fails.
 *
 * @param {(event: Event) => void} onEvent
 * @param {(reason: string) => void} onFailure
 */
export function listen(onEvent, onFailure) {
  hear = onEvent;
  worker.addEventListener("error", ({ message }) => onFailure(message));
}
