// A click that a script may answer in the browser's place.

/** Whether it is a plain left click that nobody has answered: with a key held the reader wants a tab, a window, a file. */
export function isPlain(event) {
  return !(event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
}
