// The sentences of a meeting: which one is being said, marking it, and going from one to the next with the arrows.
// Thousands of them, so: one list of start times, a binary search, and one element changed at a time.

export class Transcript {
  constructor(root) {
    this.lines = Array.from(root.querySelectorAll("a[data-end]"));
    this.starts = Float64Array.from(this.lines, (line) => Number(line.dataset.start));
    this.gaps = Array.from(root.querySelectorAll(".gap"), (gap) => ({
      start: Number(gap.dataset.start),
      end: Number(gap.dataset.end ?? Infinity),
    }));
    this.current = this.lines.findIndex((line) => line.hasAttribute("aria-current"));
    this.#oneStop(root);
  }

  /** The index of the last sentence begun at `second`; -1 before the first, and in time that is withheld. */
  at(second) {
    if (this.gaps.some((gap) => gap.start <= second && second < gap.end)) return -1;
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle] <= second + 0.02) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Mark the sentence said at `second`; returns its link if that is another one than before. */
  mark(second) {
    const index = this.at(second);
    if (index === this.current) return null;
    this.lines[this.current]?.removeAttribute("aria-current");
    this.current = index;
    this.lines[index]?.setAttribute("aria-current", "true");
    // Tab leads into the text where it is being said.
    if (index >= 0 && !this.lines[this.stop].matches(":focus")) this.#stopAt(index);
    return this.lines[index] ?? null;
  }

  get line() {
    return this.lines[this.current] ?? null;
  }

  /** Tab stops once in the text, not three thousand times; from there the arrows go on. */
  #oneStop(root) {
    for (const line of this.lines) {
      line.tabIndex = -1;
      line.draggable = false; // so that its words can be selected with the mouse
    }
    this.stop = Math.max(0, this.current);
    this.#stopAt(this.stop);
    root.addEventListener("keydown", (event) => this.#arrow(event));
    root.addEventListener("focusin", (event) => {
      const line = event.target.closest("a[data-end]");
      if (line && line !== this.lines[this.stop]) this.#stopAt(this.#indexOf(line));
    });
  }

  #indexOf(line) {
    let index = this.at(Number(line.dataset.start));
    while (index > 0 && this.lines[index] !== line && this.starts[index - 1] >= this.starts[index] - 0.02) index -= 1;
    return this.lines[index] === line ? index : this.lines.indexOf(line);
  }

  #stopAt(index) {
    if (this.lines[this.stop]) this.lines[this.stop].tabIndex = -1;
    this.stop = index;
    if (this.lines[index]) this.lines[index].tabIndex = 0;
  }

  #arrow(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const line = event.target.closest("a[data-end], .tools");
    if (!by || !line) return;
    const next = this.lines[this.stop + by];
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
}
