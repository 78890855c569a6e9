// Judging by keys: p, f, c and n choose, Ctrl and Enter lock and go on. Without this script everything works by the form
// alone. The single keys do nothing while somebody types, and can be switched off.

const KEYS = { p: "pass", f: "fail", c: "clarify", n: "na" };
const REMEMBERED = "judging-keys";

const form = document.querySelector("form[data-judging]");
const told = document.querySelector("[data-judging-keys]");
const use = document.querySelector("#judging-keys");
if (form && told && use) listen();

function remembered() {
  try {
    return window.localStorage.getItem(REMEMBERED) !== "off";
  } catch {
    return true;
  }
}

function remember(on) {
  try {
    window.localStorage.setItem(REMEMBERED, on ? "on" : "off");
  } catch {
    // Private windows keep nothing: the box stands as it was found.
  }
}

function isTyping(element) {
  if (!element) return false;
  if (element.isContentEditable || element.tagName === "TEXTAREA" || element.tagName === "SELECT") return true;
  return element.tagName === "INPUT" && !["radio", "checkbox", "submit", "button"].includes(element.type);
}

function listen() {
  told.hidden = false;
  use.checked = remembered();
  use.addEventListener("change", () => remember(use.checked));
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.key === "Enter" && event.ctrlKey && !event.altKey && !event.shiftKey && !event.metaKey) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[name=lock]"));
      return;
    }
    if (!use.checked || event.ctrlKey || event.altKey || event.metaKey || isTyping(document.activeElement)) return;
    const choice = KEYS[event.key.toLowerCase()];
    const radio = choice && form.querySelector(`[name=outcome][value=${choice}]`);
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
