import { expect } from "expect";
import { sha256OfText } from "../../../core/host/sha256_of_text.ts";

Deno.test("sha256OfText: of the bytes of UTF-8", async () => {
  // FIPS 180-2, appendix B.1.
  expect(sha256OfText("abc"))
    .toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const digest = await crypto.subtle.digest("SHA-256", Uint8Array.of(0xc3, 0xa9));
  expect(sha256OfText("é")).toBe(new Uint8Array(digest).toHex());
});
