// Stands at the top of the body, before anything is drawn: styles that need JavaScript then apply from the start.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
