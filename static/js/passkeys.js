// Passkeys: a form marked data-passkey asks the browser for one and sends its answer. Without JavaScript or without
// support in the browser these forms stay hidden, or say so; every page offers another way.

const FAILED = "The passkey was not used. Try again, or use another way.";

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

function withBytes(options) {
  const made = { ...options, challenge: toBytes(options.challenge) };
  if (made.user) made.user = { ...made.user, id: toBytes(made.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (made[list]) made[list] = made[list].map((one) => ({ ...one, id: toBytes(one.id) }));
  }
  return made;
}

function withText(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = toText(credential.response[part]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function options(form) {
  const script = form.querySelector("script[type='application/json']");
  if (script) return JSON.parse(script.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no options");
  return answer.json();
}

async function ask(form) {
  const given = await options(form);
  if (form.dataset.passkey === "add") {
    const publicKey = withBytes(given.creation_options.publicKey);
    publicKey.authenticatorSelection = {
      ...publicKey.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    };
    return navigator.credentials.create({ publicKey });
  }
  return navigator.credentials.get({ publicKey: withBytes(given.request_options.publicKey) });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = form.querySelector("[data-passkey-error]");
    problem.hidden = true;
    try {
      const credential = withText(await ask(form));
      form.querySelector("[name=credential]").value = JSON.stringify(credential);
      form.submit();
    } catch {
      problem.textContent = FAILED;
      problem.hidden = false;
    }
  });
}
