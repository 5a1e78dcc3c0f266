// Reading and coding, whichever view shows the document: a chosen passage, and what is done with it.
//
// A view has: sentences() and paragraphs() as stretches, seen() as the first position in sight,
// show(passage, isSeen), light(numbers), take(page) when the page was fetched anew.

import { isGoing, isTyping, keysAreOn } from "../keys.js";
import { say } from "../status.js";
import { word } from "../words.js";
import { last, mayCode, submit, takeBack } from "./api.js";
import * as beside from "./beside.js";
import * as coding from "./coding.js";
import * as drafts from "./drafts.js";
import { find } from "./finding.js";
import { byParagraph, bySentence } from "./stepping.js";

const bar = document.getElementById("bar");
const text = document.getElementById("text");

export const deskOf = (view) => {
  let chosen = null;

  const quotesAt = (passage) =>
    [...document.querySelectorAll("#coded [data-goto]")]
      .map((link) => [link.closest("[data-quote]").dataset.quote, ...link.dataset.goto.split(" ").map(Number)])
      .filter(([, start, end]) => passage && start < passage.end && end > passage.start)
      .map(([number]) => number);

  const light = (numbers) => {
    beside.light(numbers);
    view.light(numbers);
  };

  const show = (passage, isSeen = false) => {
    chosen = passage;
    if (bar) bar.hidden = !passage;
    document.body.classList.toggle("is-choosing", Boolean(passage));
    view.show(passage, isSeen);
    light(quotesAt(passage));
  };

  const letGo = () => {
    getSelection().removeAllRanges();
    show(null);
  };

  /** Bring the page up to date without moving it: the same address, the same place. */
  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    view.take(fresh);
    beside.take(fresh);
    show(chosen, true);
  };

  const offerTakingBack = (told) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: word("take_back") });
    say(told);
    if (!last.request) return;
    button.addEventListener("click", back);
    document.getElementById("status").append(" ", button);
  };

  const back = async () => {
    try {
      if (!(await takeBack())) return say(word("nothing_to_take_back"));
      await refresh();
      say(word("taken_back"));
    } catch (error) {
      say(error.message, true);
    }
    text.focus({ preventScroll: true });
  };

  const act = async (action) => {
    if (!mayCode || !chosen) return say(word("select_first"));
    const passage = chosen;
    try {
      const came = action === "park" ? await coding.park(passage) : await coding.open(action, passage);
      if (came) {
        await refresh();
        offerTakingBack(came);
      }
    } catch (error) {
      say(error.message, true);
    }
    tellUnsent();
    text.focus({ preventScroll: true });
  };

  const tellUnsent = () => {
    const place = document.getElementById("unsent");
    const [draft] = drafts.all();
    place.hidden = !draft || !mayCode;
    if (place.hidden) return;
    const what = document.getElementById(`title-${draft.action}`)?.textContent ?? draft.action;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: word("go_on") });
    button.addEventListener("click", () => {
      show(draft.passage);
      act(draft.action);
    });
    place.replaceChildren(`${word("unsent", { what })} `, button);
  };

  const toOpen = (by) => {
    const open = [...document.querySelectorAll("#coded li[data-quote]")].filter((entry) => /parked|unverified/.test(entry.dataset.kinds));
    if (!open.length) return say(word("nothing_open"));
    const at = open.findIndex((entry) => entry.contains(document.activeElement) || entry.dataset.current !== undefined);
    const entry = open[(at < 0 ? (by > 0 ? 0 : open.length - 1) : at + by + open.length) % open.length];
    for (const other of open) delete other.dataset.current;
    entry.dataset.current = "";
    beside.showEntry(entry.dataset.quote);
    const place = entry.querySelector("[data-goto]");
    if (place) goTo(place);
    else beside.showEntry(entry.dataset.quote, true);
    light([entry.dataset.quote]);
  };

  const goTo = (link) => {
    const [start, end] = link.dataset.goto.split(" ").map(Number);
    if (view.holds && !view.holds(start)) return location.assign(link.href);
    show({ start, end });
    text.focus({ preventScroll: true });
  };

  const toEntry = () => {
    const [number] = quotesAt(chosen);
    if (number) beside.showEntry(number, true);
    else say(word("nothing_coded_there"));
  };

  const search = document.getElementById("find");
  const lookFor = async (by) => {
    const { told, passage } = await find(search.elements.words.value, by, chosen?.end ?? view.seen());
    document.getElementById("find-told").textContent = told;
    if (!passage) return;
    if (view.holds && !view.holds(passage.start))
      return location.assign(`${location.pathname}?at=${passage.start}#find=${encodeURIComponent(search.elements.words.value)}`);
    show(passage);
  };
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    lookFor(1).catch((error) => say(error.message, true));
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      lookFor(-1).catch((error) => say(error.message, true));
    }
    if (event.key === "Escape") text.focus({ preventScroll: true });
  });
  document.getElementById("next-open").addEventListener("click", () => toOpen(1));

  const KEYS = {
    j: (event) => show(bySentence(view.sentences(), chosen, view.seen(), 1, event.shiftKey)),
    k: (event) => show(bySentence(view.sentences(), chosen, view.seen(), -1, event.shiftKey)),
    "]": () => show(byParagraph(view.paragraphs(), chosen, view.seen(), 1)),
    "[": () => show(byParagraph(view.paragraphs(), chosen, view.seen(), -1)),
    p: () => act("park"),
    n: () => act("configuration"),
    e: () => act("evidence"),
    c: () => act("concept"),
    t: () => document.getElementById("dialog-proposition") && act("proposition"),
    m: () => act("memo"),
    z: () => mayCode && back(),
    o: (event) => toOpen(event.shiftKey ? -1 : 1),
    q: toEntry,
    "/": () => search.elements.words.focus(),
    escape: () => {
      if (document.activeElement !== text && document.getElementById("beside").contains(document.activeElement))
        return text.focus({ preventScroll: true });
      letGo();
    },
    "?": () => document.getElementById("dialog-keys").showModal(),
  };

  // Before keys that mean something on every page.
  addEventListener(
    "keydown",
    (event) => {
      if (isTyping(event) || isGoing() || !keysAreOn()) return;
      const doing = KEYS[event.key.toLowerCase()];
      if (!doing) return;
      event.preventDefault();
      event.stopPropagation();
      doing(event);
    },
    true,
  );

  bar?.addEventListener("mousedown", (event) => event.preventDefault());
  bar?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action]");
    if (button) act(button.dataset.action);
  });

  for (const kind of ["mouseover", "focusin"])
    document.getElementById("beside").addEventListener(kind, (event) => light(beside.meant(event.target)));
  document.getElementById("beside").addEventListener("click", (event) => {
    const link = event.target.closest("[data-goto]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    beside.unfold(false);
    goTo(link);
  });
  document.getElementById("coded").addEventListener("click", async (event) => {
    const link = event.target.closest("[data-change]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      await beside.offerChanges(link);
    } catch {
      location.assign(link.href);
    }
  });
  document.getElementById("coded").addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-quick]");
    if (!form) return;
    event.preventDefault();
    const [said, thing] = [form.elements._done.value, form.dataset.quick];
    const quote = form.closest("[data-quote]").dataset.quote;
    try {
      await submit(form);
      last.thing = thing;
      await refresh();
      offerTakingBack(said);
    } catch (error) {
      return say(error.message, true);
    }
    if (beside.entryOf(quote)) beside.showEntry(quote, true);
    else text.focus({ preventScroll: true });
  });

  const arrive = () => {
    const asked = new URL(location.href).searchParams;
    const found = /^#find=(.+)$/.exec(location.hash);
    const link = document.querySelector(`#coded-${Number(asked.get("quote"))} [data-goto]`);
    if (link) {
      const [start, end] = link.dataset.goto.split(" ").map(Number);
      view.show({ start, end });
      view.light([asked.get("quote")]);
      show({ start, end });
    } else if (asked.has("at")) {
      const near = view.sentences().find((sentence) => sentence.end > Number(asked.get("at")));
      if (near) {
        view.show(near);
        show(near);
      }
    } else if (found) {
      search.elements.words.value = decodeURIComponent(found[1]);
      lookFor(1).catch((error) => say(error.message, true));
    }
    tellUnsent();
  };

  return { show, letGo, light, arrive, showEntry: beside.showEntry, meant: beside.meant };
};
