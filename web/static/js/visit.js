// What a reader has chosen, kept in this browser tab until it is closed: not in the address, and nowhere else.

/** What was kept under `name`, or null. */
export function kept(name) {
  try {
    return window.sessionStorage.getItem(`talerstolen.${name}`);
  } catch {
    return null; // a browser may be set to keep nothing
  }
}

export function keep(name, value) {
  try {
    window.sessionStorage.setItem(`talerstolen.${name}`, String(value));
  } catch {
    // Then it holds for this page alone.
  }
}
