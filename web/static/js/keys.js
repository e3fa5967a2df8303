// Keys for the player. They leave alone what is typed into a field, what a control does by itself, and everything with
// Ctrl, Alt or the command key; a reader who does not want keys of one character can turn them off.

import { keep, kept } from "./visit.js";

const FIELDS = "input, textarea, select, [contenteditable]";
const CONTROLS = `${FIELDS}, button, summary, video, audio`; // these use the space bar themselves

export class Keys {
  /** `actions` are functions by key; `choice` is the box that turns them off. */
  constructor(actions, choice) {
    this.actions = actions;
    this.choice = choice;
    if (choice) {
      choice.checked = kept("keys") !== "false";
      choice.addEventListener("change", () => keep("keys", choice.checked));
    }
    document.addEventListener("keydown", (event) => this.#press(event));
  }

  #press(event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (this.choice && !this.choice.checked) return;
    const taken = event.key === " " ? CONTROLS : FIELDS;
    const box = event.target.closest?.("input[type=checkbox]");
    if (event.target.closest?.(taken) && !(box && event.key !== " ")) return;
    const act = this.actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
