// The text follows what is played, when the reader asks for it. Whoever scrolls by hand has it off at once, and on again
// with one press of the same button.

import { keep, kept } from "./visit.js";

const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
const SCROLLING = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown", " "]);

/** Bring a sentence to the middle of the window. */
export function reveal(line) {
  line.scrollIntoView({ block: "center", behavior: STILL.matches ? "auto" : "smooth" });
}

export class Follow {
  /** `line` gives the sentence being said, or null. */
  constructor(button, line) {
    this.button = button;
    this.line = line;
    this.on = false;
    button.addEventListener("click", () => this.set(!this.on));
    if (kept("follow") === "true") this.set(true);
    const off = () => this.on && this.set(false);
    for (const name of ["wheel", "touchmove"]) window.addEventListener(name, off, { passive: true });
    window.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, select, textarea, button, summary, video, audio");
      const read = event.key.startsWith("Arrow") && event.target.closest?.("#tekst"); // from sentence to sentence
      if (SCROLLING.has(event.key) && !typing && (read || !event.defaultPrevented)) off();
    });
    // A press on the scroll bar is a press on the page itself.
    window.addEventListener("pointerdown", (event) => event.target === document.documentElement && off());
  }

  set(on) {
    this.on = on;
    this.button.setAttribute("aria-pressed", String(on));
    keep("follow", on);
    const line = on && this.line();
    if (line) reveal(line);
  }

  /** The sentence being said is another one. */
  to(line) {
    if (this.on) reveal(line);
  }
}
