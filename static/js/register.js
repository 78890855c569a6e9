// Takes a register on a poor connection. Each tap is kept on this device, by the key of its session and never by a name,
// until the server has answered; sent again it carries the same key, so that it stands once. Without this script every
// button is a form.

const AGAIN = [2000, 4000, 8000, 15000, 30000]; // milliseconds until it is sent again after a failure
const SIGNED_OUT = 10000;
const PATIENCE = 15000; // how long an answer is waited for
const WAITED = 5000; // a tap that is older says how old it is: a pupil who came late came then

const area = document.querySelector("[data-register]");
if (area) watch();

function watch() {
  const shelf = `register:${area.dataset.register}`; // this person's: whoever signs in next sends their own
  const errors = new Map(); // what was refused, by session
  let memory = {}; // where the browser keeps nothing
  let keeps = true;
  let busy = false;
  let timer = 0;
  let failures = 0;
  let away = false;

  function kept() {
    if (!keeps) return memory;
    try {
      return JSON.parse(localStorage.getItem(shelf)) || {};
    } catch {
      return memory;
    }
  }

  function keep(items) {
    memory = items;
    try {
      if (Object.keys(items).length) localStorage.setItem(shelf, JSON.stringify(items));
      else localStorage.removeItem(shelf);
    } catch {
      keeps = false;
    }
  }

  function unsent() {
    return new Set(Object.values(kept()).flatMap((item) => item.sessions));
  }

  function newKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function row(session) {
    return document.getElementById(`session-${session}`);
  }

  function say(text, link) {
    if (area.textContent === text && !link) return;
    area.textContent = text;
    area.classList.toggle("portal-register__state--unsent", Boolean(text));
    if (link) {
      const way = document.createElement("a");
      way.className = "govuk-link";
      way.href = link;
      way.target = "_blank";
      way.textContent = "Sign in again in a new tab";
      area.append(" ", way);
    }
  }

  function show() {
    const waiting = unsent();
    document.querySelectorAll("[data-session]").forEach((one) => {
      const mark = one.querySelector("[data-row-unsent]");
      if (mark) mark.hidden = !waiting.has(one.dataset.session);
      const error = one.querySelector("[data-row-error]");
      const text = errors.get(one.dataset.session) || "";
      if (error && error.textContent !== text) error.textContent = text;
    });
    if (!waiting.size) return say("");
    const marks = waiting.size === 1 ? "1 mark" : `${waiting.size} marks`;
    if (away) {
      say(`${marks} not sent: you have been signed out. They are kept on this device.`, area.dataset.signIn);
    } else if (failures) {
      say(`${marks} not sent yet. They are kept on this device and sent when the connection is back. Keep this page open.`);
    } else say(`${marks} not sent yet`);
  }

  function press(session, mark) {
    row(session)
      ?.querySelectorAll("button[name=mark]")
      .forEach((one) => one.setAttribute("aria-pressed", String(one.value === mark)));
  }

  function add(item) {
    const items = kept();
    // A later tap on the same pupil takes the place of one that nobody has sent yet.
    for (const [key, other] of Object.entries(items)) {
      if (!other.sent && other.sessions.length === 1 && item.sessions.includes(other.sessions[0])) delete items[key];
    }
    items[newKey()] = item;
    keep(items);
    item.sessions.forEach((session) => errors.delete(session));
    show();
    send();
  }

  function later(after) {
    clearTimeout(timer);
    timer = setTimeout(send, after);
  }

  /** A page that is older than the latest sign-in has an old secret: take the new one from the page as it is now. */
  async function renew() {
    const answer = await fetch(window.location.pathname, { redirect: "manual", cache: "no-store" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("main [name=csrfmiddlewaretoken], [name=csrfmiddlewaretoken]");
    if (!fresh) return false;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((one) => (one.value = fresh.value));
    return true;
  }

  async function post(item, key, secondTime) {
    const body = new URLSearchParams(item.fields);
    if (item.sessions.length === 1 && !item.rest) body.set("key", key);
    body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]")?.value || "");
    const waited = Date.now() - item.tapped;
    if (waited > WAITED) body.set("ago", Math.floor(waited / 1000));
    const stop = new AbortController();
    const patience = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(item.to, {
        method: "POST",
        body,
        redirect: "manual",
        signal: stop.signal,
        headers: { Accept: "application/json" },
      });
      if (answer.type === "opaqueredirect") return { away: true };
      if (answer.status === 403 && !secondTime) {
        return (await renew()) ? await post(item, key, true) : { away: true };
      }
      if (answer.status === 201 || answer.status === 422) return await answer.json();
      if (answer.status === 403 || answer.status === 404) {
        return { state: "refused", said: "You can no longer mark this pupil here. Load the page again." };
      }
      return null;
    } finally {
      clearTimeout(patience);
    }
  }

  function replace(session, html) {
    const old = row(session);
    if (!old || unsent().has(session)) return;
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-session]");
    if (!fresh) return;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(document.adoptNode(fresh));
    if (focused?.name === "mark" && focused.value) fresh.querySelector(`button[value="${CSS.escape(focused.value)}"]`)?.focus();
    else if (focused) fresh.querySelector("button")?.focus();
  }

  async function send() {
    clearTimeout(timer);
    if (busy) return;
    busy = true;
    try {
      for (;;) {
        const next = Object.entries(kept()).sort((a, b) => a[1].tapped - b[1].tapped)[0];
        if (!next) break;
        const [key, item] = next;
        keep({ ...kept(), [key]: { ...item, sent: true } }); // from here on it may have arrived
        let answer = null;
        try {
          answer = await post(item, key, false);
        } catch {
          answer = null;
        }
        if (!answer || answer.away) {
          away = Boolean(answer);
          later(away ? SIGNED_OUT : AGAIN[Math.min(failures, AGAIN.length - 1)]);
          failures += 1;
          break;
        }
        failures = 0;
        away = false;
        const rest = kept();
        delete rest[key];
        keep(rest);
        if (answer.state === "refused") item.sessions.forEach((session) => errors.set(session, answer.said));
        for (const [session, html] of Object.entries(answer.rows || {})) replace(session, html);
        show();
      }
    } finally {
      busy = false;
      show();
      tidy();
    }
  }

  /** The button for everybody else speaks of those alone whom nobody has marked. */
  function tidy() {
    document.querySelectorAll("form[data-rest]").forEach((form) => {
      form.querySelectorAll("[name=keys]").forEach((one) => {
        const line = row(one.value.split(":")[0]);
        if (line?.querySelector("button[name=mark][aria-pressed=true]")) one.remove();
      });
      form.hidden = !form.querySelector("[name=keys]");
      const words = form.querySelector("[data-rest-words]");
      const taps = form.closest("section")?.querySelector("button[name=mark][aria-pressed=true]");
      if (words && taps) words.textContent = words.dataset.restWords;
    });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-mark], form[data-rest]")) return;
    event.preventDefault();
    const fields = [...new FormData(form, event.submitter)].filter(
      ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken" && (name !== "key" || form.matches("[data-rest]")),
    );
    const to = form.getAttribute("action");
    if (form.matches("[data-rest]")) {
      const sessions = fields.filter(([name]) => name === "keys").map(([, value]) => value.split(":")[0]);
      sessions.forEach((session) => press(session, "present"));
      add({ to, fields, sessions, rest: true, tapped: Date.now() });
      tidy();
      return;
    }
    const session = form.closest("[data-session]").dataset.session;
    press(session, fields.find(([name]) => name === "mark")?.[1]);
    add({ to, fields, sessions: [session], tapped: Date.now() });
    tidy();
  });

  window.addEventListener("online", send);
  window.addEventListener("focus", () => (away || failures) && send());
  // Back shows what stands, not what the page held when it was left.
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
  window.addEventListener("beforeunload", (event) => {
    if (unsent().size) event.preventDefault();
  });
  show();
  send();
}
