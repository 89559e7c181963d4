// Passkeys: what the browser's authenticator is asked, and its answer put into the form. Nothing is sent elsewhere.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  const options = async (address, form) => {
    const answer = await fetch(address, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const { publicKey } = await answer.json();
    publicKey.challenge = bytes(publicKey.challenge);
    if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
    publicKey.excludeCredentials = listed(publicKey.excludeCredentials);
    publicKey.allowCredentials = listed(publicKey.allowCredentials);
    return { publicKey };
  };
  const written = (credential) => {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach((part) => {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    });
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  };
  const tell = (form, words) => {
    const place = form.querySelector("[role=alert]");
    place.textContent = words;
    place.hidden = !words;
  };
  const proved = async (source, form, field, how) => {
    if (!window.PublicKeyCredential) { tell(form, source.dataset.unable); return; }
    tell(form, "");
    try {
      field.value = written(await navigator.credentials[how](await options(source.dataset.options, form)));
    } catch { tell(form, source.dataset.failed); return; }
    form.submit();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.passkey) return;
    event.preventDefault();
    proved(form, form, form.elements.passkey, form.dataset.passkey);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-prove]");
    if (!button) return;
    const form = button.form;
    if ([...form.elements].some((field) => !field.name.startsWith("again") && !field.reportValidity())) return;
    proved(button, form, form.elements.again_passkey, "get");
  });
})();
