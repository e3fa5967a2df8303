// Marked words in a transcript can be quoted, linked to, cut out and reported, exactly those. By mouse and touch: mark
// them. By keyboard: "c" on a sentence marks it, Shift and the arrows move the end; or mark them in caret browsing, and
// "c" goes to what is offered. Needs nothing but elements whose id is "s-" and the second that a sentence begins at.

import { copyText } from "./clipboard.js";

const SENTENCE = "[id^='s-']";
const PAUSE = 250; // milliseconds without a change before it is looked up
const LONGEST_TEXT = 7500; // characters; as web/quotes/selected.py

class MarkedWords {
  constructor(root, template) {
    this.root = root;
    this.places = template.dataset;
    this.box = template.content.firstElementChild.cloneNode(true);
    this.said = this.box.querySelector("[role=status]");
    this.box.hidden = true;
    this.found = null; // what the archive says of the marked words
    this.#listen();
  }

  #listen() {
    document.addEventListener("selectionchange", () => this.#wait());
    document.addEventListener("pointerdown", (event) => this.#press(event));
    document.addEventListener("pointerup", () => {
      this.pressed = false;
      this.#wait();
    });
    document.addEventListener("pointercancel", () => {
      this.pressed = false;
      this.#wait();
    });
    // The click that ends marking is none on the link under it.
    this.root.addEventListener("click", (event) => this.#click(event), true);
    this.root.addEventListener("keydown", (event) => this.#keyInText(event));
    this.box.addEventListener("keydown", (event) => this.#keyInBox(event));
    this.box.addEventListener("click", (event) => this.#act(event));
    // A press on a button must not unmark the words.
    this.box.addEventListener("pointerdown", (event) => event.stopPropagation());
    this.box.addEventListener("mousedown", (event) => event.preventDefault());
  }

  // Marking -----------------------------------------------------------------------------------------------

  #press(event) {
    this.pressed = true;
    const sentence = event.target.closest?.(SENTENCE);
    // Not to be dragged about, in browsers that do not know how to say so in a style sheet.
    if (sentence && this.root.contains(sentence)) sentence.draggable = false;
  }

  #click(event) {
    if (this.#range() === null || event.detail === 0) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #wait() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#look(), PAUSE);
  }

  #look() {
    if (this.pressed || this.box.contains(document.activeElement)) return;
    const marked = this.#marked();
    if (marked) this.#show(marked);
    else this.#close();
  }

  #range() {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    return range.intersectsNode(this.root) && range.toString().trim() ? range : null;
  }

  /** What is marked: its words, the first and last sentence's second, and where in the first it begins. */
  #marked() {
    const range = this.#range();
    if (!range) return null;
    const sentences = this.#sentences(range);
    const texts = sentences.map((sentence) => this.#inside(range, sentence));
    while (texts.length && !texts[0].text.trim()) texts.shift() && sentences.shift();
    while (texts.length && !texts.at(-1).text.trim()) texts.pop() && sentences.pop();
    if (!texts.length) return null;
    const text = texts.map((each) => each.text).join(" ").replace(/\s+/g, " ").trim();
    return { range, text, offset: texts[0].offset, from: second(sentences[0]), to: second(sentences.at(-1)), last: sentences.at(-1) };
  }

  /** The sentences that a range meets, in order; of thousands only those are looked at. */
  #sentences(range) {
    const within = range.commonAncestorContainer;
    const around = within.nodeType === Node.ELEMENT_NODE ? within : within.parentElement;
    const one = around.closest(SENTENCE);
    if (one) return [one];
    const found = [];
    for (const sentence of (this.root.contains(around) ? around : this.root).querySelectorAll(SENTENCE)) {
      if (range.intersectsNode(sentence)) found.push(sentence);
      else if (found.length) break;
    }
    return found;
  }

  /** The part of a sentence that is marked, and where in its text that begins. */
  #inside(range, sentence) {
    const whole = document.createRange();
    whole.selectNodeContents(sentence);
    const part = whole.cloneRange();
    if (range.compareBoundaryPoints(Range.START_TO_START, whole) > 0) part.setStart(range.startContainer, range.startOffset);
    if (range.compareBoundaryPoints(Range.END_TO_END, whole) < 0) part.setEnd(range.endContainer, range.endOffset);
    const before = whole.cloneRange();
    before.setEnd(part.startContainer, part.startOffset);
    return { text: part.toString(), offset: before.toString().length };
  }

  // Showing -----------------------------------------------------------------------------------------------

  #show(marked) {
    this.marked = marked;
    this.found = null;
    this.said.textContent = "";
    const { page } = this.places;
    // Until the archive has answered, and where it does not: the whole sentences.
    const until = this.#after(marked.last) ?? marked.to + 10;
    this.#lead({ start: marked.from, end: Math.min(until, marked.from + Number(this.places.longest)) });
    this.box.querySelector("[data-do=report]").href = `${page}/fejl?t=${marked.from}`;
    if (!this.box.isConnected) this.root.after(this.box);
    this.box.hidden = false;
    this.#place(marked.range);
    this.#ask(marked);
  }

  #lead({ start, end }) {
    const between = `fra=${round(start)}&til=${round(end)}`;
    this.box.querySelector("[data-do=quote]").href = `${this.places.page}/citat?${between}`;
    this.box.querySelector("[data-do=clip]").href = `${this.places.page}/klip?${between}`;
  }

  /** The second at which the sentence after this one begins. */
  #after(sentence) {
    const turn = sentence.closest(".turn") ?? sentence.parentElement;
    const here = Array.from(turn.querySelectorAll(SENTENCE));
    const next = here[here.indexOf(sentence) + 1] ?? turn.nextElementSibling?.querySelector(SENTENCE);
    const at = next ? second(next) : null;
    return at !== null && at > second(sentence) ? at : null;
  }

  #place(range) {
    const words = range.getBoundingClientRect();
    const room = { width: this.box.offsetWidth, height: this.box.offsetHeight };
    if (window.getComputedStyle(this.box).position === "fixed") return this.#unplace();
    const parent = this.box.offsetParent ?? document.documentElement;
    const origin = parent === document.body ? { left: -window.scrollX, top: -window.scrollY } : parent.getBoundingClientRect();
    // Below the words, where no menu of the browser is; above them at the foot of the window.
    const below = words.bottom + 8 + room.height < window.innerHeight;
    const top = below ? words.bottom + 8 : Math.max(8, words.top - 8 - room.height);
    const left = Math.min(Math.max(10, words.left), window.innerWidth - room.width - 10);
    this.box.style.top = `${top - origin.top}px`;
    this.box.style.left = `${left - origin.left}px`;
  }

  #unplace() {
    this.box.style.top = "";
    this.box.style.left = "";
  }

  async #ask(marked) {
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    if (marked.text.length > LONGEST_TEXT) return this.#say("long");
    const params = new URLSearchParams({ from: round(marked.from), to: round(marked.to), text: marked.text, offset: marked.offset });
    try {
      const answer = await fetch(`${this.places.quote}?${params}`, { signal });
      if (signal.aborted) return;
      if (!answer.ok) {
        if (marked.to - marked.from > Number(this.places.longest)) this.#say("long");
        return;
      }
      this.found = await answer.json();
      if (signal.aborted) return;
      this.#lead(this.found);
    } catch {
      // No answer: the whole sentences are offered.
    }
  }

  #close() {
    this.asking?.abort();
    this.box.hidden = true;
    this.marked = null;
  }

  #say(name) {
    this.said.textContent = this.said.dataset[name];
  }

  // Doing -------------------------------------------------------------------------------------------------

  #act(event) {
    const what = event.target.closest("[data-do]")?.dataset.do;
    if (what === "copy") this.#copy();
    if (what === "close") this.#leave();
  }

  async #copy() {
    const { pathname, search } = this.found ? new URL(this.found.url, window.location.href) : new URL(this.box.querySelector("[data-do=quote]").href);
    const address = this.found?.url.startsWith("http") ? this.found.url : window.location.origin + pathname + search;
    this.#say((await copyText(address)) ? "copied" : "failed");
  }

  /** Close, unmark, and give the focus back to the sentence. */
  #leave() {
    const sentence = this.marked?.last;
    document.getSelection()?.removeAllRanges();
    this.box.hidden = true;
    this.marked = null;
    sentence?.focus();
  }

  #keyInText(event) {
    if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const sentence = event.target.closest?.(SENTENCE);
    if (!this.#range() && sentence) document.getSelection().selectAllChildren(sentence);
    const marked = this.#marked();
    if (!marked) return;
    event.preventDefault();
    event.stopPropagation();
    this.#show(marked);
    this.box.querySelector("[data-do=quote]").focus();
  }

  #keyInBox(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.#leave();
      return;
    }
    const by = { ArrowRight: "forward", ArrowLeft: "backward" }[event.key];
    if (!by || !event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    document.getSelection().modify("extend", by, "word");
    const marked = this.#marked();
    if (marked) this.#show(marked);
  }
}

/** The second at which a sentence begins, of an id like s-745.2 or s-745.2-2. */
function second(sentence) {
  return Number.parseFloat(sentence.id.slice(2));
}

function round(seconds) {
  return String(Math.round(seconds * 100) / 100);
}

const template = document.getElementById("citer");
const text = document.getElementById("tekst");
if (template && text) new MarkedWords(text, template);
