// Suggestions under a search field while somebody types: words, people, agenda items. A combobox with a list, as the
// WAI-ARIA Authoring Practices describe it ("list autocomplete with manual selection"): the field keeps the focus, the
// list only shows what may be chosen. Without this script, or when nothing answers, it is a plain search field.

const PAUSE = 150; // milliseconds without a key before we ask
const LONGEST = 200; // characters; nothing is suggested for more

class Suggestions {
  constructor(field) {
    this.field = field;
    this.words = field.dataset; // what is said, in the page's language
    this.language = document.documentElement.lang;
    this.options = [];
    this.active = -1;
    this.list = this.#make("div", "suggestions", { id: `${field.id}-forslag`, role: "listbox", "aria-label": this.words.name });
    this.list.hidden = true;
    this.status = this.#make("div", "sr-only", { role: "status" });
    field.closest(".search").append(this.list, this.status);
    this.#set({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id });
    this.#listen();
  }

  #listen() {
    this.field.addEventListener("input", () => this.#wait());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("blur", () => this.#close());
    this.field.form.addEventListener("submit", () => this.#stop());
    // A press must not take the focus from the field: that would close the list before the click is there.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const chosen = this.options.findIndex((option) => option.element.contains(event.target));
      if (chosen >= 0) this.options[chosen].choose();
    });
    // Who comes back by the browser's history finds the page as it was, with a list that is out of date.
    window.addEventListener("pageshow", (event) => event.persisted && this.#close());
  }

  // Asking ------------------------------------------------------------------------------------------------

  #wait() {
    this.#stop();
    this.#activate(-1); // else Enter would choose what was meant before
    if (this.list.hidden) this.#empty();
    const typed = this.field.value;
    if (typed.trim().length < 2 || typed.length > LONGEST) {
      this.#close();
      return;
    }
    this.timer = window.setTimeout(() => this.#ask(typed), PAUSE);
  }

  /** What was asked for before is not waited for any longer. */
  #stop() {
    window.clearTimeout(this.timer);
    this.asking?.abort();
  }

  async #ask(typed) {
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const answer = await fetch(`${this.field.dataset.suggest}?${new URLSearchParams({ q: typed })}`, { signal });
      const found = answer.ok ? await answer.json() : null;
      if (!signal.aborted) this.#show(found, typed);
    } catch {
      // No answer, or nobody waits for it: then there are no suggestions.
      if (!signal.aborted) this.#close();
    }
  }

  // Showing -----------------------------------------------------------------------------------------------

  #show(found, typed) {
    this.#empty();
    if (found && document.activeElement === this.field) {
      this.#group(this.words.words, found.words.map((words) => this.#word(words, typed)));
      this.#group(this.words.people, found.people.map((person) => this.#person(person)));
      this.#group(this.words.items, found.items.map((item) => this.#item(item)));
    }
    const count = this.options.length;
    this.#open(count > 0);
    this.#say(count ? this.#counted(count, this.words.one, this.words.many) : "");
  }

  #group(name, options) {
    if (!options.length) return;
    const group = this.#make("div", "suggestion-group", { role: "group", "aria-label": name });
    group.append(this.#make("div", "suggestion-kind", { "aria-hidden": "true" }, name));
    for (const option of options) {
      option.element.id = `${this.list.id}-${this.options.length}`;
      option.element.setAttribute("role", "option");
      option.element.setAttribute("aria-selected", "false");
      group.append(option.element);
      this.options.push(option);
    }
    this.list.append(group);
  }

  #word(words, typed) {
    const element = this.#make("div", "suggestion");
    const same = words.toLowerCase().startsWith(typed.toLowerCase()) ? typed.length : 0;
    const text = this.#make("span", "suggestion-text", {}, words.slice(0, same));
    text.append(this.#make("strong", "", {}, words.slice(same)));
    element.append(text);
    return {
      element,
      choose: () => {
        this.field.value = words;
        this.#close();
        this.field.form.requestSubmit();
      },
    };
  }

  #person({ name, passages }) {
    const places = this.#counted(passages, this.words.place, this.words.places);
    return this.#entry(name, [places], `${this.field.form.action}?${new URLSearchParams({ speaker: name })}`);
  }

  #item({ title, number, meeting, url }) {
    const day = meeting.date ? new Date(`${meeting.date}T12:00`) : null;
    const date = day?.toLocaleDateString(this.language, { day: "numeric", month: "long", year: "numeric" }) ?? "";
    // Of the address only the path: the archive may be read by another name than its public one.
    const { pathname, search } = new URL(url, window.location.href);
    return this.#entry(title, [number ? this.words.item.replace("#", number) : "", date, meeting.body, meeting.municipality], pathname + search);
  }

  #counted(n, one, many) {
    return (n === 1 ? one : many).replace("#", n.toLocaleString(this.language));
  }

  #entry(text, facts, address) {
    const element = this.#make("div", "suggestion");
    element.append(this.#make("span", "suggestion-text", {}, text), " ");
    element.append(this.#make("span", "suggestion-facts", {}, facts.filter(Boolean).join(" · ")));
    return { element, choose: () => window.location.assign(address) };
  }

  #open(open) {
    this.list.hidden = !open;
    this.field.setAttribute("aria-expanded", String(open));
    if (!open) this.#activate(-1);
  }

  /** The list goes, and with it what stood in it: no arrow brings back what is out of date. */
  #close() {
    this.#hide();
    this.#empty();
  }

  #hide() {
    this.#stop();
    this.#open(false);
    this.#say("");
  }

  #empty() {
    this.#activate(-1);
    this.options = [];
    this.list.replaceChildren();
  }

  #say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  #activate(place) {
    this.options[this.active]?.element.setAttribute("aria-selected", "false");
    this.active = place;
    const element = this.options[place]?.element;
    if (!element) {
      this.field.removeAttribute("aria-activedescendant");
      return;
    }
    element.setAttribute("aria-selected", "true");
    element.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", element.id);
  }

  // Keys --------------------------------------------------------------------------------------------------

  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const act = {
      ArrowDown: () => this.#step(1, event.altKey),
      ArrowUp: () => this.#step(-1, event.altKey),
      Enter: () => this.#enter(),
      Escape: () => this.#escape(),
      // These are the field's own; the list only lets go.
      Home: () => this.#activate(-1),
      End: () => this.#activate(-1),
      ArrowLeft: () => this.#activate(-1),
      ArrowRight: () => this.#activate(-1),
    }[event.key];
    if (act?.()) event.preventDefault();
  }

  /** Down and up go round, by way of the field; with Alt the list is only opened and closed. */
  #step(by, alt) {
    if (!this.options.length) return false;
    if (alt || this.list.hidden) {
      this.#open(by > 0);
      if (alt || by < 0) return true;
    }
    const places = this.options.length + 1;
    this.#activate(((this.active + 1 + by + places) % places) - 1);
    return true;
  }

  #enter() {
    if (this.active < 0) return false; // the form is sent with what was typed
    this.options[this.active].choose();
    return true;
  }

  /** The first time the list goes; the field's own second one empties it. */
  #escape() {
    this.#stop();
    if (this.list.hidden) return false;
    this.#hide();
    return true;
  }

  // -------------------------------------------------------------------------------------------------------

  #make(tag, name, attributes = {}, text = "") {
    const element = document.createElement(tag);
    if (name) element.className = name;
    for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
    element.textContent = text; // never as markup: titles and names come from outside
    return element;
  }

  #set(attributes) {
    for (const [attribute, value] of Object.entries(attributes)) this.field.setAttribute(attribute, value);
  }
}

for (const field of document.querySelectorAll("input[data-suggest]")) new Suggestions(field);
