// The buttons under the player, and what the keys do.

import { copy, show } from "./address.js";
import { Keys } from "./keys.js";
import { keep, kept } from "./visit.js";

const STEP = 10; // seconds

export class Controls {
  constructor(root, player, items, go) {
    this.player = player;
    this.items = items;
    this.go = go;
    this.speed = root.querySelector("#hastighed");
    this.captions = root.querySelector("#undertekster");
    this.help = root.querySelector(".keys");
    this.message = document.getElementById("besked");
    root.hidden = false;
    const acts = {
      back: () => this.#jump(-STEP),
      forward: () => this.#jump(STEP),
      "item-before": () => this.#item(items.before(player.now)),
      "item-after": () => this.#item(items.after(player.now)),
      captions: () => this.#captions(),
    };
    root.addEventListener("click", (event) => acts[event.target.closest("[data-do]")?.dataset.do]?.());
    root.querySelector("#kopier").addEventListener("click", () => this.#copy());
    for (const button of root.querySelectorAll("[data-do^=item]")) button.hidden = !items.rows.length;
    this.#speeds();
    this.#keys(acts, root.querySelector("#genveje-til"));
  }

  #speeds() {
    this.speed.value = kept("speed") ?? this.speed.value;
    if (this.speed.selectedIndex < 0) this.speed.value = "1";
    this.player.speed = Number(this.speed.value);
    this.speed.addEventListener("change", () => {
      this.player.speed = Number(this.speed.value);
      keep("speed", this.speed.value);
    });
  }

  #keys(acts, choice) {
    const toggle = () => this.player.toggle();
    const follow = () => document.getElementById("foelg").click();
    const actions = {
      k: toggle,
      " ": toggle,
      j: acts.back,
      l: acts.forward,
      p: acts["item-before"],
      n: acts["item-after"],
      ",": () => this.#faster(-1),
      ".": () => this.#faster(1),
      f: follow,
      "/": () => document.getElementById("q-her")?.focus(),
      "?": () => this.#help(),
    };
    if (this.captions) actions.c = acts.captions;
    new Keys(actions, choice);
  }

  #help() {
    this.help.open = !this.help.open;
    if (this.help.open) this.help.querySelector("summary").focus();
  }

  #jump(by) {
    this.go(Math.max(0, this.player.now + by), this.player.playing);
  }

  #item(second) {
    if (second !== null) this.go(second, this.player.playing);
  }

  #faster(by) {
    const to = this.speed.selectedIndex + by;
    if (to < 0 || to >= this.speed.options.length) return;
    this.speed.selectedIndex = to;
    this.speed.dispatchEvent(new Event("change"));
    this.say(this.message.dataset.speed.replace("{speed}", this.speed.selectedOptions[0].text));
  }

  #captions() {
    const track = Array.from(this.player.media.textTracks).find((each) => each.kind === "captions");
    if (!track) return;
    track.mode = track.mode === "showing" ? "hidden" : "showing";
    this.captions?.setAttribute("aria-pressed", String(track.mode === "showing"));
  }

  async #copy() {
    const second = Math.floor(this.player.now);
    const done = await copy(second, "");
    if (!done) show(second, "");
    this.say(done ? this.message.dataset.copied : this.message.dataset.byHand);
  }

  /** Tell everybody, for a moment. */
  say(text) {
    say(this.message, text);
  }
}

/** Shown as well as told: what was done with a press is nowhere else to be seen. */
export function say(message, text) {
  message.textContent = text;
  message.classList.add("is-shown");
  window.clearTimeout(message.timer);
  message.timer = window.setTimeout(() => {
    message.textContent = "";
    message.classList.remove("is-shown");
  }, 4000);
}
