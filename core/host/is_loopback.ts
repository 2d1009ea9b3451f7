/** Whether a host's name or address, in brackets or not, is that of this machine for itself alone. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(host);
}
