// Gets a key for this page's user at a site that speaks the protocol, and uses it. No library, no build step.

const APPLICATION = "Meadow Reader";
const SCOPES = "read";

// What the protocol calls `padding=oaep`. The private key can be used by this page, but never read.
const PAIR = { name: "RSA-OAEP", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-1" };

// Asks the user in a window of the site's, and gives the key. Call it while a click is handled.
export async function askForKey(site) {
  // First of all: browsers open a window right after a click only.
  const popup = window.open("", "user-api-key", "popup,width=520,height=760");
  if (!popup) throw new Error("The browser did not open a window. Allow windows for this page and try again.");
  try {
    const pair = await crypto.subtle.generateKey(PAIR, false, ["encrypt", "decrypt"]);
    const nonce = crypto.randomUUID();
    popup.location.replace(await question(site, pair.publicKey, nonce));
    const payload = await answer(popup);
    const { key, nonce: returned } = await decrypted(payload, pair.privateKey);
    if (returned !== nonce) throw new Error("That was the answer to another question.");
    return key;
  } finally {
    popup.close();
  }
}

// One request with the key. The error says what the site said.
export async function call(site, key, path, method = "GET") {
  // No cookies go along, and none are needed: the key is all.
  const response = await fetch(site + path, { method, headers: { "User-Api-Key": key }, credentials: "omit" });
  const body = await response.json().catch(() => null);
  if (!response.ok) throw Object.assign(new Error(body?.errors?.[0] ?? `The site answered ${response.status}.`), { status: response.status });
  return body;
}

async function question(site, publicKey, nonce) {
  const fields = new URLSearchParams({
    application_name: APPLICATION,
    client_id: clientId(),
    scopes: SCOPES,
    public_key: await pem(publicKey),
    nonce,
    padding: "oaep",
    auth_redirect: new URL("callback.html", location.href).href,
  });
  return `${site}/user-api-key/new?${fields}`;
}

// What `callback.html` sends back; rejects when the user closes the window instead.
function answer(popup) {
  return new Promise((resolve, reject) => {
    const watch = setInterval(() => popup.closed && settle(reject, new Error("Nothing was allowed.")), 300);
    const settle = (how, value) => {
      clearInterval(watch);
      window.removeEventListener("message", listen);
      how(value);
    };
    const listen = event => {
      // Any page may send messages here; only ours, in the window that we opened, counts.
      if (event.origin === location.origin && event.source === popup) settle(resolve, event.data.payload);
    };
    window.addEventListener("message", listen);
  });
}

async function decrypted(payload, privateKey) {
  // `atob` does not mind the line ends in it.
  const bytes = Uint8Array.from(atob(payload), character => character.charCodeAt(0));
  const plain = await crypto.subtle.decrypt({ name: "RSA-OAEP" }, privateKey, bytes);
  return JSON.parse(new TextDecoder().decode(plain));
}

async function pem(publicKey) {
  const der = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
  const lines = btoa(String.fromCharCode(...der)).match(/.{1,64}/g);
  return ["-----BEGIN PUBLIC KEY-----", ...lines, "-----END PUBLIC KEY-----", ""].join("\n");
}

// The same at every visit, so that a new key takes the place of the last one.
function clientId() {
  const id = localStorage.getItem("client_id") ?? crypto.randomUUID();
  localStorage.setItem("client_id", id);
  return id;
}
