// The results page: a place is heard where it stands. A player is made when somebody asks for it, plays the stretch and
// stops; asking for another takes the first away. Without this script the link to the meeting is what there is.

let open = null;

class Here {
  constructor(button) {
    this.button = button;
    this.label = button.querySelector(".play-text");
    this.idle = this.label.textContent;
    this.start = Number(button.dataset.start);
    this.end = Number(button.dataset.end);
    this.box = document.createElement("div");
    this.box.className = "here";
    this.media = this.#media();
    this.box.append(this.media);
    button.closest(".hit").append(this.box);
    this.#show(true);
    this.media.play().catch(() => {}); // a browser may refuse: its own controls are there
  }

  close() {
    this.media.pause();
    this.media.removeAttribute("src");
    this.media.load(); // lets go of the connection
    this.box.remove();
    this.#show(false);
  }

  #show(playing) {
    this.button.setAttribute("aria-expanded", String(playing));
    this.label.textContent = playing ? this.button.dataset.playing : this.idle;
  }

  #media() {
    const { kind, source, captions, name, track } = this.button.dataset;
    const media = document.createElement(kind === "video" ? "video" : "audio");
    media.controls = true;
    media.preload = "auto";
    media.playsInline = true;
    media.className = "media";
    media.setAttribute("aria-label", name);
    media.src = `${source}#t=${this.start},${this.end}`;
    const text = Object.assign(document.createElement("track"), {
      kind: "captions", srclang: "da", label: track, src: captions, default: true,
    });
    media.append(text);
    media.addEventListener("loadedmetadata", () => {
      if (Math.abs(media.currentTime - this.start) > 0.5) media.currentTime = this.start;
    }, { once: true });
    // Once only: who then plays on wants to hear more.
    const stop = () => {
      if (media.currentTime < this.end) return;
      media.removeEventListener("timeupdate", stop);
      media.pause();
    };
    media.addEventListener("timeupdate", stop);
    media.addEventListener("error", () => this.#failed(), { once: true });
    return media;
  }

  #failed() {
    if (open !== this) return;
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    said.textContent = this.button.dataset.failed;
    this.media.replaceWith(said);
  }
}

function toggle(button) {
  const same = open?.button === button;
  open?.close();
  open = same ? null : new Here(button);
}

for (const button of document.querySelectorAll(".play-here")) button.hidden = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".play-here");
  if (button) toggle(button);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !open || document.fullscreenElement) return;
  if (!event.target.closest?.(".hit")?.contains(open.box)) return;
  const { button } = open;
  toggle(button);
  button.focus();
});
