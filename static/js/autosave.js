// Saves a part of an application while somebody types, and says so. Without this script the form is sent as ever; what
// the server says is shown as it says it. Nothing that is typed leaves the page before it is saved.

const PAUSE = 1500; // milliseconds without a key before it is saved
const SOON = 300; // after leaving a field
const AGAIN = [2000, 4000, 8000, 15000, 30000]; // after a failure
const SIGNED_OUT = 10000;

const form = document.querySelector("form[data-autosave]");
const told = document.querySelector("[data-saving-said]");
if (form && told) watch();

function watch() {
  const area = document.querySelector("[data-saving]");
  const left = document.querySelector("[data-saving-left]");
  const revision = form.querySelector("[name=revision]");
  let dirty = false; // something was typed since it was last saved
  let busy = null; // the request that is on its way
  let timer = 0;
  let failures = 0;
  let unanswered = ""; // what was sent without an answer: it may have been saved, or not
  let stopped = false; // sending again would not help: somebody has to decide something first
  let away = false; // signed out
  let leaving = false;
  let through = false; // the form itself is being sent

  function say(text, link) {
    if (told.textContent === text && !link) return;
    told.textContent = text;
    if (link) {
      const way = document.createElement("a");
      way.className = "govuk-link";
      way.href = link;
      way.target = "_blank";
      way.textContent = "Sign in again in a new tab";
      told.append(" ", way);
    }
  }

  function body() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") fields.append(name, value);
    }
    return fields;
  }

  function later(after) {
    clearTimeout(timer);
    timer = setTimeout(save, after);
  }

  function failed(text, after) {
    say(text);
    area.dataset.state = "unsaved";
    later(after ?? AGAIN[Math.min(failures, AGAIN.length - 1)]);
    failures += 1;
  }

  /** A form that is older than the latest sign-in has an old secret: take the new one from the page as it is now. */
  async function renew() {
    const answer = await fetch(window.location.pathname, { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]");
    if (!answer.ok || !fresh) return false;
    form.querySelector("[name=csrfmiddlewaretoken]").value = fresh.value;
    return true;
  }

  function signedOut() {
    away = true;
    say("Not saved: you have been signed out. What you typed is still on this page.", area.dataset.signIn);
    area.dataset.state = "unsaved";
    later(SIGNED_OUT);
  }

  async function send(secondTime) {
    const fields = body();
    const plain = fields.toString();
    if (unanswered) fields.append("unanswered", unanswered);
    let answer;
    try {
      answer = await fetch(form.action || window.location.pathname, {
        method: "POST",
        body: fields,
        redirect: "manual",
        headers: { "HX-Request": "true" },
        keepalive: leaving && plain.length < 60000,
      });
    } catch {
      unanswered ||= plain;
      dirty = true;
      return failed("Not saved: there is no connection. What you typed is still on this page. Trying again…");
    }
    if (answer.type === "opaqueredirect") {
      dirty = true;
      return signedOut();
    }
    if (answer.status === 403 && !secondTime) {
      dirty = true;
      return (await renew()) ? send(true) : signedOut();
    }
    const text = await answer.text().catch(() => "");
    const news = new DOMParser().parseFromString(text, "text/html").querySelector("[data-state]");
    if (!news) {
      unanswered ||= plain;
      dirty = true;
      return failed("Not saved: the portal did not answer as it should. What you typed is still here. Trying again…");
    }
    failures = 0;
    away = false;
    if (news.dataset.state === "saved") {
      unanswered = "";
      revision.value = news.dataset.revision;
      if (left) left.replaceChildren(...document.adoptNode(news.querySelector("[data-left]")).childNodes);
      document.querySelectorAll("main [data-on-save]").forEach((one) => {
        const fresh = news.querySelector(`[data-saved-part="${one.dataset.onSave}"]`);
        if (fresh) one.replaceChildren(...document.adoptNode(fresh).childNodes);
      });
    } else {
      dirty = true;
      stopped = news.dataset.state !== "refused"; // what was refused may be mended by typing on
    }
    say(news.querySelector("[data-said]").textContent.trim());
    area.dataset.state = news.dataset.state;
  }

  async function save() {
    clearTimeout(timer);
    if (busy || !dirty || stopped || through) return;
    dirty = false;
    busy = send(false);
    try {
      await busy;
    } finally {
      busy = null;
    }
  }

  const changed = (after) => () => {
    dirty = true;
    if (!stopped && !away) later(after);
  };
  form.addEventListener("input", changed(PAUSE));
  form.addEventListener("change", changed(SOON));
  form.addEventListener("focusout", () => dirty && !stopped && !away && later(SOON));

  form.addEventListener("submit", async (event) => {
    if (through || event.defaultPrevented) return;
    clearTimeout(timer);
    // What was typed is saved first: whoever was signed out, or has no connection, keeps the page with everything on it.
    // And the button waits for what is on its way: two versions of one's own would meet.
    if (busy || dirty || away || unanswered) {
      event.preventDefault();
      const button = event.submitter;
      await busy;
      dirty ||= away || Boolean(unanswered);
      await save();
      if (away || unanswered) return told.scrollIntoView({ block: "center" });
      through = true;
      // Not from within this event: a form that is being sent takes no second order.
      setTimeout(() => form.requestSubmit(button));
      return;
    }
    through = true;
  });

  window.addEventListener("online", save);
  window.addEventListener("focus", () => away && save());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      leaving = true;
      save();
    } else leaving = false;
  });
  // Back shows what is saved, not what the page held when it was left.
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
  window.addEventListener("beforeunload", (event) => {
    if (!through && dirty && (away || failures)) event.preventDefault();
  });
}
