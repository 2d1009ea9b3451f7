/** The best adapter of WebGPU, if there is any. */
export async function findAdapter(): Promise<GPUAdapter | undefined> {
  quietDrivers();
  return await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" }) ?? undefined;
}

/** Where Wayland's sockets would be. */
const RUNTIME_FOLDER = "XDG_RUNTIME_DIR";

/**
 * Keeps a line off the terminal that reads like a failure: Linux's graphics drivers ask for a Wayland
 * display, and where nobody is logged in at a screen (containers, ssh, cron) Wayland's library writes
 * "error: XDG_RUNTIME_DIR is invalid or not set in the environment" each time. With a folder that has
 * no display in it, it looks and finds none.
 */
function quietDrivers(): void {
  const isNeeded = Deno.build.os === "linux" &&
    Deno.permissions.querySync({ name: "env", variable: RUNTIME_FOLDER }).state === "granted" &&
    !Deno.env.get(RUNTIME_FOLDER)?.startsWith("/");
  if (isNeeded) Deno.env.set(RUNTIME_FOLDER, "/nonexistent");
}
