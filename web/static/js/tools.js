// What a reader can do with a sentence: a few small tools beside the one that has the focus, was tapped, or lies under the
// mouse. They stand after the sentence in the page, so that Tab leads from it to them. One set of tools is moved about.
// Where words are marked they make room for what selection.js offers for exactly those.

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
    document.addEventListener("selectionchange", () => this.#marked() && this.#hide());
    // Elsewhere they would lie over what has the focus: on a phone they are at the bottom of the window.
    for (const kind of ["click", "focusin"]) {
      document.addEventListener(kind, (event) => !root.contains(event.target) && this.#hide());
    }
    this.element.addEventListener("click", (event) => this.#click(event));
  }

  /** Beside this sentence. */
  show(line) {
    if (this.line === line) return;
    const { start, end } = line.dataset;
    this.line = line;
    Object.assign(this.element.dataset, { start, end });
    const range = new URLSearchParams({ fra: start, til: end });
    this.#lead("quote", `${this.base}/citat?${range}`);
    this.#lead("clip", `${this.base}/klip?${range}`);
    this.#lead("report", `${this.base}/fejl?${new URLSearchParams({ t: start })}`);
    if (this.element.previousElementSibling !== line) {
      this.#turn()?.classList.remove("has-tools");
      line.after(this.element);
      this.#turn().classList.add("has-tools");
    }
    this.element.style.setProperty("--top", `${line.offsetTop}px`);
  }

  #lead(name, address) {
    this.element.querySelector(`[data-tool=${name}]`)?.setAttribute("href", address);
  }

  #over(target, pause) {
    const line = target.closest("a[data-end]");
    window.clearTimeout(this.waiting);
    if (!line) return;
    if (pause) this.waiting = window.setTimeout(() => this.#marked() || this.show(line), pause);
    else if (!this.#marked()) this.show(line);
  }

  /** Whether the tools are in use: the focus is on them or on their sentence. */
  #held() {
    const active = document.activeElement;
    return this.element.contains(active) || (active === this.line && active.matches(":focus-visible")) || this.#marked();
  }

  #marked() {
    return !window.getSelection().isCollapsed;
  }

  async #click(event) {
    const tool = event.target.closest("[data-tool]");
    if (tool?.dataset.tool !== "copy") return;
    const done = await copy(Number(this.line.dataset.start), this.line.id);
    say(this.message, done ? this.message.dataset.copied : this.message.dataset.byHand);
  }

  /** Escape gives the focus back to the sentence, and the tools go. */
  #leave() {
    if (this.element.contains(document.activeElement)) this.line.focus();
    this.#hide();
  }

  #hide() {
    this.#turn()?.classList.remove("has-tools");
    this.element.remove();
    this.line = null;
  }

  #turn() {
    return this.element.closest(".turn");
  }
}
