// Lets a form be signed by a passkey. A form says with data-passkey whether a key is made («create») or asked
// («get»); what is to be signed stands in data-options, or is fetched from the form's own address.
"use strict";

async function asked(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`asked for a passkey: ${answer.status}`);
  return (await answer.json()).options;
}

async function sign(event) {
  const form = event.currentTarget;
  event.preventDefault();
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const signed = await window.webauthnJSON[form.dataset.passkey](await asked(form));
    form.elements.credential.value = JSON.stringify(signed);
    form.submit();
  } catch {
    failed.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (window.PublicKeyCredential && window.webauthnJSON) {
    form.addEventListener("submit", sign);
    form.hidden = false;
  }
}
