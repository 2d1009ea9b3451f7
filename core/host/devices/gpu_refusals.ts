/** What a GPU refused to do. */
export interface GpuRefusals {
  /**
   * Refuses results of which a part may not have been computed.
   *
   * @throws {Error} with what the GPU said, once for each time that it refused something.
   */
  check(): void;
  /** An error of whoever called the GPU, with what it said of it. */
  explain(error: unknown): Promise<unknown>;
}

/**
 * Listens to what a GPU refuses: a buffer that is too large for it or for its memory, say. WebGPU
 * tells of that beside the call, and goes on without the buffer: what is to be computed with it then
 * fails in other words (wgpu), or is left out (Dawn).
 */
export function watchRefusals(gpu: GPUDevice): GpuRefusals {
  let said: string | undefined;
  gpu.addEventListener("uncapturederror", (event) => {
    said ??= (event as GPUUncapturedErrorEvent).error.message;
  });
  const take = () => {
    const taken = said;
    said = undefined;
    return taken;
  };
  return {
    check: () => {
      const reason = take();
      if (reason !== undefined) throw new Error(`WebGPU: ${reason}`);
    },
    explain: async (cause) => {
      // It comes as an event, after the call that failed.
      await new Promise((resolve) => setTimeout(resolve));
      const reason = take();
      if (reason === undefined) return cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      return new Error(`${message} (WebGPU: ${reason})`, { cause });
    },
  };
}
