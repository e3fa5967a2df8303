// Putting something on the clipboard.

/** Whether it is there now: a browser may not have it. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
