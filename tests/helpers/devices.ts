/** Whether this machine has a WebGPU adapter, a software one included; tests that need one ask it. */
export async function findWebGpu(): Promise<boolean> {
  return (await navigator.gpu?.requestAdapter() ?? null) !== null;
}
