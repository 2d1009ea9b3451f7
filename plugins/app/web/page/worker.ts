/**
 * The page's worker: a session with a model, away from the thread that draws.
 *
 * @module
 */
import { sceneVocabulary } from "../../../scenes/vocabulary.ts";
import type { Answer, OpenedFacts, Request, Requests } from "./messages.ts";
import { openPageDevice } from "./open_page_device.ts";
import { pageItem } from "./page_items.ts";
import { WEIGHTS } from "./find_weights.ts";
import type { PageFile } from "./page_model.ts";
import { Session } from "./session.ts";

/** What a worker has that Deno's types of a window lack. */
const scope = globalThis as unknown as {
  onmessage: (event: { readonly data: Request }) => void;
  postMessage(answer: Answer): void;
};

let session: Session | undefined;
let shipped: PageFile | undefined;
let training: AbortController | undefined;

const handlers: {
  readonly [Kind in keyof Requests]: (content: Requests[Kind][0]) => Promise<Requests[Kind][1]>;
} = {
  open: async ({ device: wanted, weights, items }): Promise<OpenedFacts> => {
    const response = await fetch(weights);
    if (!response.ok) throw new Error(`${weights}: the server answered ${response.status}`);
    shipped = { name: WEIGHTS, bytes: new Uint8Array(await response.arrayBuffer()) };
    const device = await openPageDevice(wanted);
    session = await Session.open(device, shipped, items);
    return {
      ...{ device: device.kind, description: device.description, reason: device.reason },
      parameters: session.parameters,
      words: sceneVocabulary().filter((word) => /\w/.test(word)),
      items: session.items,
    };
  },
  item: ({ index, scale }) => Promise.resolve(pageItem(index, scale)),
  believe: async ({ picture, texts }) => ({
    ...await opened().believe(picture, texts),
    unknown: opened().unknownWords(texts),
  }),
  scores: () => opened().scores(),
  train: async (settings) => {
    if (training !== undefined) throw new Error("the model is being trained already");
    training = new AbortController();
    try {
      await opened().train(settings, {
        onStep: (step) => scope.postMessage({ event: "step", step }),
        onItems: (scores) => scope.postMessage({ event: "items", scores }),
        onLine: (line) => scope.postMessage({ event: "line", line }),
      }, training.signal);
    } finally {
      training = undefined;
    }
    return null;
  },
  stop: () => {
    training?.abort();
    return Promise.resolve(null);
  },
  take: async ({ file }) => {
    checkIdle();
    await opened().take(file);
    return null;
  },
  restart: async () => {
    checkIdle();
    await opened().take(shipped!);
    return null;
  },
  files: () => opened().files(),
};

function opened(): Session {
  if (session === undefined) throw new Error("the model is not there yet");
  return session;
}

function checkIdle(): void {
  if (training !== undefined) throw new Error("the model is being trained; stop that first");
}

scope.onmessage = async ({ data: { id, kind, content } }) => {
  try {
    const handle = handlers[kind] as (content: unknown) => Promise<Requests[keyof Requests][1]>;
    scope.postMessage({ id, result: await handle(content) });
  } catch (error) {
    scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
