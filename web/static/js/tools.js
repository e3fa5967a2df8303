// What a reader can do with a sentence: a few small tools beside the one that has the focus, was tapped, or lies under the
// mouse; and for several sentences when some of the text is selected. They stand after the sentence in the page, so that
// Tab leads from it to them. One set of tools is moved about.

import { copy } from "./address.js";
import { say } from "./controls.js";

const PAUSE = 250; // milliseconds over another sentence before the tools move there: the mouse may be on its way to them
const HOVERS = window.matchMedia("(hover: hover)");

export class Tools {
  constructor(root) {
    const template = document.getElementById("vaerktoej");
    this.base = template.dataset.base;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.root = root;
    this.message = document.getElementById("besked");
    root.addEventListener("focusin", (event) => this.#over(event.target, 0));
    root.addEventListener("click", (event) => this.#over(event.target, 0));
    root.addEventListener("pointerover", (event) => HOVERS.matches && !this.#held() && this.#over(event.target, PAUSE));
    root.addEventListener("pointerleave", () => window.clearTimeout(this.waiting));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.#leave());
    document.addEventListener("selectionchange", () => this.#selected());
    // Elsewhere they would lie over what has the focus: on a phone they are at the bottom of the window.
    for (const kind of ["click", "focusin"]) {
      document.addEventListener(kind, (event) => !root.contains(event.target) && this.#hide());
    }
    this.element.addEventListener("click", (event) => this.#click(event));
  }

  /** Beside the sentences from `first` to `last`. */
  show(first, last = first) {
    if (this.first === first && this.last === last) return;
    const start = first.dataset.start;
    const end = last.dataset.end;
    this.first = first;
    this.last = last;
    Object.assign(this.element.dataset, { start, end });
    const range = new URLSearchParams({ fra: start, til: end });
    this.#lead("quote", `${this.base}/citat?${range}`);
    this.#lead("clip", `${this.base}/klip?${range}`);
    this.#lead("report", `${this.base}/fejl?${new URLSearchParams({ t: start })}`);
    if (this.element.previousElementSibling !== last) {
      this.#turn()?.classList.remove("has-tools");
      last.after(this.element);
      this.#turn().classList.add("has-tools");
    }
    const place = last.offsetTop + last.offsetHeight - (last.getClientRects()[0]?.height ?? 0);
    this.element.style.setProperty("--top", `${first === last ? last.offsetTop : place}px`);
  }

  #lead(name, address) {
    this.element.querySelector(`[data-tool=${name}]`)?.setAttribute("href", address);
  }

  #over(target, pause) {
    const line = target.closest("a[data-end]");
    window.clearTimeout(this.waiting);
    if (!line) return;
    if (pause) this.waiting = window.setTimeout(() => this.show(line), pause);
    else if (window.getSelection().isCollapsed) this.show(line);
  }

  /** Whether the tools are in use: the focus is on them or on their sentence, or they are for selected text. */
  #held() {
    const active = document.activeElement;
    const used = this.element.contains(active) || (active === this.last && active.matches(":focus-visible"));
    return used || !window.getSelection().isCollapsed;
  }

  #selected() {
    const selection = window.getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    if (!this.root.contains(range.commonAncestorContainer)) return;
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => {
      const lines = linesIn(range, this.root);
      if (lines.length) this.show(lines[0], lines.at(-1));
    }, PAUSE);
  }

  async #click(event) {
    const tool = event.target.closest("[data-tool]");
    if (tool?.dataset.tool !== "copy") return;
    const done = await copy(Number(this.first.dataset.start), this.first.id);
    say(this.message, done ? this.message.dataset.copied : this.message.dataset.byHand);
  }

  /** Escape gives the focus back to the sentence, and the tools go. */
  #leave() {
    if (this.element.contains(document.activeElement)) this.last.focus();
    this.#hide();
  }

  #hide() {
    this.#turn()?.classList.remove("has-tools");
    this.element.remove();
    this.first = this.last = null;
  }

  #turn() {
    return this.element.closest(".turn");
  }
}

/** The sentences that a selection touches, in order. */
function linesIn(range, root) {
  const lines = [];
  const walk = document.createTreeWalker(range.commonAncestorContainer, NodeFilter.SHOW_ELEMENT);
  const inside = range.commonAncestorContainer;
  const around = (inside.nodeType === Node.TEXT_NODE ? inside.parentElement : inside).closest("a[data-end]");
  if (around && root.contains(around)) return [around];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node.matches("a[data-end]") && range.intersectsNode(node)) lines.push(node);
  }
  return lines;
}
