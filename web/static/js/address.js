// The address of a second of this meeting, in the address bar and for copying.

import { copyText } from "./clipboard.js";

/** The address of `second`: whole seconds for people, hundredths where a sentence begins. */
export function addressOf(second, anchor = "") {
  const address = new URL(window.location.href);
  address.searchParams.set("t", String(Math.round(second * 100) / 100));
  address.hash = anchor;
  return address;
}

/** Show `second` in the address bar without adding a step to the browser's history. */
export function show(second, anchor) {
  window.history.replaceState(null, "", addressOf(second, anchor));
}

/** Put the address of `second` on the clipboard; false where the browser will not have it. */
export function copy(second, anchor) {
  return copyText(addressOf(second, anchor).href);
}
