import { bool } from "../flags/basic.ts";

/** --disable-content-trust, which is on. */
export const disableContentTrust = bool({ usage: "Neither check nor make signatures", default: true });

/** Throws when signatures are asked for: there is no notary here. */
export function checkContentTrust(disabled: boolean): void {
  if (!disabled)
    throw new Error(
      "content trust is not available in this docker command line: leave --disable-content-trust on",
    );
}
