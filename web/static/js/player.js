// The media element on the meeting's clock: a recording's clock plus the recording's offset. A meeting may
// have several recordings; the one that a second lies in is put into the element when it is asked for, and when
// one ends the next follows.

export class Player {
  constructor(media, choices) {
    this.media = media;
    this.offset = Number(media.dataset.offset);
    this.recordings = choices.map((link) => ({
      link,
      source: link.dataset.source,
      tracks: { captions: link.dataset.captions, chapters: link.dataset.chapters },
      offset: Number(link.dataset.offset),
    }));
    media.addEventListener("ended", () => this.#next());
  }

  /** Now, on the meeting's clock. */
  get now() {
    return this.media.currentTime + this.offset;
  }

  get playing() {
    return !this.media.paused && !this.media.ended;
  }

  /** 1 is as it was said. It holds for the recordings that follow, too. */
  set speed(speed) {
    this.media.defaultPlaybackRate = speed;
    this.media.playbackRate = speed;
  }

  toggle() {
    if (this.playing) this.media.pause();
    else this.#play();
  }

  /** Go to a second of the meeting, and play from there if asked. */
  seek(second, play) {
    const recording = this.#holding(second);
    if (recording && recording.offset !== this.offset) this.#load(recording);
    this.#jump(Math.max(0, second - this.offset));
    if (play) this.#play();
  }

  // A browser may refuse to play before the reader has touched the page; then the place is right, paused.
  #play() {
    this.media.play().catch(() => {});
  }

  #next() {
    const later = this.recordings.filter((recording) => recording.offset > this.offset);
    const next = later.sort((a, b) => a.offset - b.offset)[0];
    if (!next) return;
    this.#load(next);
    this.#play();
  }

  #jump(time) {
    this.pending?.abort();
    if (this.media.readyState > 0) {
      this.media.currentTime = time;
      return;
    }
    this.pending = new AbortController();
    const jump = () => {
      this.media.currentTime = time;
    };
    this.media.addEventListener("loadedmetadata", jump, { once: true, signal: this.pending.signal });
    if (this.media.networkState !== HTMLMediaElement.NETWORK_LOADING) this.media.load();
  }

  #holding(second) {
    const begun = this.recordings.filter((recording) => recording.offset <= second + 0.02);
    return begun.sort((a, b) => b.offset - a.offset)[0] ?? this.recordings[0];
  }

  #load(recording) {
    this.offset = recording.offset;
    for (const other of this.recordings) other.link.removeAttribute("aria-current");
    recording.link.setAttribute("aria-current", "true");
    const tracks = Array.from(this.media.querySelectorAll("track"), (track) => {
      const fresh = track.cloneNode();
      fresh.src = recording.tracks[track.kind];
      const showing = track.track.mode;
      track.replaceWith(fresh);
      return { fresh, showing };
    });
    this.media.querySelector("source")?.remove();
    this.media.src = recording.source;
    this.media.load();
    for (const { fresh, showing } of tracks) fresh.track.mode = showing;
  }
}
