/**
 * A headless Chromium for tests, spoken to over the DevTools protocol.
 *
 * @module
 */

/** An open page. */
export interface BrowserPage extends AsyncDisposable {
  /** Everything that went wrong in it: console errors, exceptions, refused or failed requests. */
  readonly errors: readonly string[];
  /** The addresses that it asked for, its own included. */
  readonly requests: readonly string[];
  /** The value of an expression in the page; a promise is awaited. */
  evaluate(expression: string): Promise<unknown>;
  /** Presses and releases a key: `Tab`, `ArrowRight`, `Enter`, `a`. */
  press(key: string): Promise<void>;
  /** A command of the protocol. */
  send(method: string, parameters?: object): Promise<Record<string, unknown>>;
}

/** The program: what CHROMIUM in the environment names, or the first that is found in the path. */
export async function findChromium(): Promise<string | undefined> {
  const named = Deno.env.get("CHROMIUM");
  if (named !== undefined) return named;
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
      const found = await Deno.stat(`${folder}/${name}`).then((info) => info.isFile, () => false);
      if (found) return `${folder}/${name}`;
    }
  }
  return undefined;
}

/** Flags for a WebGPU adapter in software, where there is no GPU. */
export const SOFTWARE_WEBGPU: readonly string[] = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
];

/**
 * Opens a file or an address; the browser ends with the page.
 *
 * @param flags Further flags of the program. Default: it draws without a GPU.
 */
export async function openPage(
  chromium: string,
  address: string,
  flags: readonly string[] = ["--disable-gpu"],
): Promise<BrowserPage> {
  const profile = await Deno.makeTempDir();
  const process = new Deno.Command(chromium, {
    args: [
      ...["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", ...flags],
      ...["--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const { endpoint, drained } = await endpointOf(process.stderr);
  const [target] = await (await fetch(`http://${new URL(endpoint).host}/json/list`)).json();
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((done, fail) => {
    socket.onopen = done;
    socket.onerror = fail;
  });

  const errors: string[] = [];
  const requests: string[] = [];
  const pending = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  const loaded = Promise.withResolvers<void>();
  let lastId = 0;
  socket.onmessage = ({ data }) => {
    const { id, error, result, method, params } = JSON.parse(data);
    if (id !== undefined) {
      const waiting = pending.get(id);
      pending.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(error.message));
    } else if (method === "Page.loadEventFired") loaded.resolve();
    else if (method === "Network.requestWillBeSent") requests.push(params.request.url);
    else if (method === "Runtime.exceptionThrown") {
      errors.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    } else if (method === "Runtime.consoleAPICalled" && params.type === "error") {
      errors.push(params.args.map((each: { value?: unknown }) => String(each.value)).join(" "));
    } else if (method === "Log.entryAdded" && params.entry.level === "error") {
      errors.push(params.entry.text);
    }
  };
  const send = (method: string, params: object = {}) => {
    const id = ++lastId;
    const waiting = Promise.withResolvers<Record<string, unknown>>();
    pending.set(id, waiting);
    socket.send(JSON.stringify({ id, method, params }));
    return waiting.promise;
  };
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);
  await send("Page.navigate", { url: address });
  await loaded.promise;

  return {
    errors,
    requests,
    send,
    async evaluate(expression) {
      const { result, exceptionDetails } = await send("Runtime.evaluate", {
        expression,
        awaitPromise: true,
        returnByValue: true,
      }) as { result: { value?: unknown }; exceptionDetails?: { text: string } };
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return result.value;
    },
    async press(key) {
      const printable = key.length === 1;
      const windowsVirtualKeyCode = keyCodes[key] ?? key.toUpperCase().charCodeAt(0);
      const text = printable ? { text: key } : key === "Enter" ? { text: "\r" } : {};
      await send("Input.dispatchKeyEvent", {
        type: "text" in text ? "keyDown" : "rawKeyDown",
        key,
        windowsVirtualKeyCode,
        ...text,
      });
      await send("Input.dispatchKeyEvent", { type: "keyUp", key, windowsVirtualKeyCode });
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => socket.onclose = done);
      await send("Browser.close").catch(() => {});
      await Promise.all([closed, process.status, drained]);
      await Deno.remove(profile, { recursive: true }).catch(() => {});
    },
  };
}

/**
 * Waits until an expression is true in a page.
 *
 * @throws {Error} after 200 seconds, with what the page shows.
 */
export async function until(page: BrowserPage, expression: string): Promise<void> {
  const end = performance.now() + 200_000;
  while (!await page.evaluate(`Boolean(${expression})`)) {
    if (performance.now() > end) {
      throw new Error(`${expression}: ${await page.evaluate("document.body.innerText")}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** How a page stands on a screen: pixels by which it is wider, and the colour of its ground. */
export interface OnScreen {
  readonly beyond: number;
  readonly paper: string;
}

/** Shows a page on a screen of some width, a phone's below 600 pixels, or on paper. */
export async function showOn(
  page: BrowserPage,
  { width, media = "screen", scheme = "light" }: {
    readonly width: number;
    readonly media?: string;
    readonly scheme?: string;
  },
): Promise<OnScreen> {
  const screen = { width, height: 800, deviceScaleFactor: 1, mobile: width < 600 };
  await page.send("Emulation.setDeviceMetricsOverride", screen);
  const features = [{ name: "prefers-color-scheme", value: scheme }];
  await page.send("Emulation.setEmulatedMedia", { media, features });
  return await page.evaluate(`({
    beyond: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    paper: getComputedStyle(document.body).backgroundColor,
  })`) as OnScreen;
}

/** The controls in sight that the key Tab does not lead to, or that do not show that it has. */
export async function unreachable(page: BrowserPage): Promise<unknown> {
  const count = await page.evaluate(`(() => {
    document.activeElement.blur();
    window.controls = [...document.querySelectorAll(
      "a[href], button, input, select, summary, [tabindex='0']",
    )].filter((each) => each.checkVisibility() && !each.disabled);
    window.reached = new Set();
    return window.controls.length;
  })()`) as number;
  for (let place = 0; place < count; place++) {
    await page.press("Tab");
    await page.evaluate(`(() => {
      const { activeElement: element } = document;
      const shown = element.type === "file" ? element.parentElement : element;
      if (getComputedStyle(shown).outlineStyle !== "none") window.reached.add(element);
    })()`);
  }
  return await page.evaluate(
    `window.controls.filter((each) => !window.reached.has(each)).map((each) => each.outerHTML)`,
  );
}

const keyCodes: Readonly<Record<string, number>> = {
  Tab: 9,
  Enter: 13,
  End: 35,
  Home: 36,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
};

/** Where the browser listens, which it says on stderr; the rest of that is read and dropped. */
async function endpointOf(
  stderr: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<{ endpoint: string; drained: Promise<void> }> {
  const reader = stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the browser did not start: ${text}`);
    text += value;
    const endpoint = /listening on (ws:\S+)\s/.exec(text)?.[1];
    if (endpoint === undefined) continue;
    const drain = async () => {
      while (!(await reader.read()).done);
    };
    return { endpoint, drained: drain() };
  }
}
