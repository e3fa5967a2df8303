// What is asked of a page, as functions that are evaluated in it. Each returns what is wrong, as text; none is good.
({
  /** Targets under 24 by 24 CSS pixels (WCAG 2.2, 2.5.8), but for those in a line of text and those with room around. */
  smallTargets() {
    const SIZE = 24;
    const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=option], [role=tab], [role=slider], [tabindex]:not([tabindex='-1'])";
    const seen = (e) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    const inLine = (e) => {
      if (getComputedStyle(e).display !== "inline") return false;
      const line = e.closest("p, li, dd, td, th, blockquote, figcaption, caption, div");
      const own = e.textContent.trim().length;
      return line !== null && line.textContent.trim().length > own;
    };
    const targets = [...document.querySelectorAll(wanted)].filter(seen).map((e) => {
      // A box or button of a form is hit by its label too.
      const label = e.matches("input[type=checkbox], input[type=radio]") ? e.closest("label") ?? e.labels?.[0] : null;
      return { e, box: (label ?? e).getBoundingClientRect() };
    }).filter(({ box }) => box.width > 1 && box.height > 1);
    const small = targets.filter(({ e, box }) => (box.width < SIZE - 0.01 || box.height < SIZE - 0.01) && !inLine(e));
    const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
    const away = ([x, y], box) => Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
    const crowded = small.filter((one) => targets.some((other) => {
      if (other.e === one.e || other.e.contains(one.e) || one.e.contains(other.e)) return false;
      const [a, b] = [middle(one.box), middle(other.box)];
      if (away(a, other.box) < SIZE / 2) return true;
      return small.includes(other) && Math.hypot(a[0] - b[0], a[1] - b[1]) < SIZE;
    }));
    return crowded.map(({ e, box }) => `${e.outerHTML.slice(0, 120)} is ${box.width.toFixed(1)} x ${box.height.toFixed(1)}`);
  },

  /** Whether one has to scroll sideways, and what sticks out or is cut. */
  overflow() {
    const wide = document.documentElement.clientWidth;
    const faults = [];
    if (document.documentElement.scrollWidth > wide) faults.push(`the page is ${document.documentElement.scrollWidth} wide of ${wide}`);
    const scrolls = (e) => {
      for (let up = e.parentElement; up; up = up.parentElement) {
        if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) return true; // cut there, if at all
      }
      return false;
    };
    for (const e of document.querySelectorAll("body *")) {
      if (!e.checkVisibility() || e.closest("svg") !== null && e.tagName !== "svg") continue;
      const style = getComputedStyle(e);
      const box = e.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1 || style.clipPath !== "none") continue; // for screen readers alone
      if (box.right > wide + 1 && box.left < wide && !scrolls(e)) faults.push(`sticks out to ${box.right.toFixed(0)}: ${e.outerHTML.slice(0, 100)}`);
      // Lines that are cut with an ellipsis or a clamp say so; the others are cut by accident.
      const meant = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
      if (!meant && style.display !== "inline" && !e.matches("video, input")) {
        if (/hidden|clip/.test(style.overflowY) && e.scrollHeight > e.clientHeight + 2) faults.push(`cut below: ${e.outerHTML.slice(0, 100)}`);
        if (/hidden|clip/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 2) faults.push(`cut aside: ${e.outerHTML.slice(0, 100)}`);
      }
    }
    return [...new Set(faults)].slice(0, 12);
  },

  /** Headings begin with one h1 and never leave out a level on the way down. */
  headings() {
    const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((e) => e.checkVisibility());
    const faults = [];
    const first = levels.filter((e) => e.tagName === "H1").length;
    if (first !== 1) faults.push(`${first} h1`);
    let before = 0;
    for (const e of levels) {
      const level = Number(e.tagName[1]);
      if (level > before + 1) faults.push(`h${level} after h${before}: ${e.textContent.trim().slice(0, 60)}`);
      before = level;
    }
    return faults;
  },

  /** The element that has the focus: who it is, what it looks like, and whether something lies over all of it. */
  focused() {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    window.__seen ??= new Map();
    if (!window.__seen.has(e)) window.__seen.set(e, window.__seen.size);
    const looks = (one) => {
      const s = getComputedStyle(one);
      const own = [s.outlineStyle === "none" ? "" : `${s.outlineStyle} ${s.outlineWidth} ${s.outlineColor}`, s.boxShadow, s.borderColor, s.backgroundColor, s.stroke, s.strokeWidth, s.fill];
      // In a drawing it is the shape within the link that shows it.
      return [...own, ...(one.ownerSVGElement ? [...one.children].map(looks) : [])].join("|");
    };
    window.__looks = looks;
    const boxes = [...e.getClientRects()].filter((b) => b.width > 0 && b.height > 0);
    const points = boxes.flatMap((b) => [0.5, 0.02, 0.98].flatMap((x) => [0.5, 0.1, 0.9].map((y) => [b.left + b.width * x, b.top + b.height * y])));
    const free = points.some(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      return top !== null && (top === e || e.contains(top) || top.contains(e));
    });
    const [x, y] = points[0] ?? [0, 0];
    const over = document.elementFromPoint(x, y)?.outerHTML.slice(0, 80) ?? "nothing: it is out of sight";
    return { over: `${over} at ${x.toFixed()}, ${y.toFixed()}`, number: window.__seen.get(e), html: e.outerHTML.slice(0, 120), looks: looks(e), free, places: boxes.length, media: e.matches("video, audio, iframe"), tab: e.tabIndex };
  },

  /** What the element of that number looks like now. */
  looksOf(number) {
    const e = [...(window.__seen ?? new Map())].find(([, n]) => n === number)?.[0];
    return e ? window.__looks(e) : null;
  },
})
