import { expect } from "expect";
import { isLoopback } from "../../../core/host/is_loopback.ts";

Deno.test("isLoopback: names and addresses that nobody else reaches, and such as look alike", () => {
  for (const host of ["localhost", "127.0.0.1", "127.8.9.10", "::1", "[::1]"]) {
    expect([host, isLoopback(host)]).toEqual([host, true]);
  }
  for (
    const host of ["0.0.0.0", "127.0.0.1.evil.org", "localhost.evil.org", "x127.0.0.1", "::", ""]
  ) {
    expect([host, isLoopback(host)]).toEqual([host, false]);
  }
});
