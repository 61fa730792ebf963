// What the pages gain with JavaScript. Every page does its work without it.
"use strict";

// A form that is on its way is not sent twice, and says so.
for (const form of document.querySelectorAll("form[data-once]")) {
  const button = form.querySelector("button[type=submit]");
  const label = button.innerHTML;

  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // After this turn: a button disabled now would stop the sending.
    setTimeout(() => {
      button.disabled = true;
      button.textContent = form.dataset.working;
    });
  });

  // Back from the next page, the form is good again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      delete form.dataset.sent;
      button.disabled = false;
      button.innerHTML = label;
    }
  });
}

// Once yes is on its way, no would not be true any more.
const consent = document.getElementById("consent-form");
if (consent) {
  const no = document.getElementById("dont-allow");
  consent.addEventListener("submit", () => { no.inert = true; });
  window.addEventListener("pageshow", () => { no.inert = false; });
}

// Handing over to another program leaves this page standing: say what should have happened.
const hint = document.getElementById("handover-hint");
if (hint) {
  consent.addEventListener("submit", () => {
    setTimeout(() => {
      document.getElementById("answers").hidden = true;
      hint.hidden = false;
    }, 2500);
  });
}

// Copying takes the white space out, since most applications read one line.
async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Pages without TLS have no clipboard of their own.
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) {
    throw new Error("not copied");
  }
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  const label = button.textContent;
  const status = document.getElementById("copy-status");
  let pending;
  const say = (words) => {
    button.textContent = words;
    status.textContent = words;
    clearTimeout(pending);
    pending = setTimeout(() => {
      button.textContent = label;
      status.textContent = "";
    }, 2000);
  };

  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copies).textContent.replace(/\s+/g, "");
    try {
      await copy(text);
      say(button.dataset.copied);
    } catch {
      say(button.dataset.failed);
    }
  });
}

// A code is shown as it is written on the other device, whatever way it is typed.
for (const field of document.querySelectorAll("input[data-code]")) {
  field.addEventListener("input", () => {
    const at = field.selectionStart === field.value.length;
    const code = field.value.toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, 8);
    if (at) {
      field.value = code.length > 4 ? `${code.slice(0, 4)}-${code.slice(4)}` : code;
    }
  });
}
