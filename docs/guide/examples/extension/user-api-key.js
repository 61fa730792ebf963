// Gets a key by device code, and uses it. No library, no build step.

const APPLICATION = "Meadow Bell";
const SCOPES = "session_info";
const DAYS = 90;

// What the protocol calls `padding=oaep`. The private key can be used by this page, but never read.
const PAIR = { name: "RSA-OAEP", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-1" };

// Asks for a key. `tell({ code, link })` is called once there is a code to show; gives the key when the user has answered.
export async function askForKey(site, clientId, tell) {
  const pair = await crypto.subtle.generateKey(PAIR, false, ["encrypt", "decrypt"]);
  const nonce = crypto.randomUUID();
  const device = await call(site, "/user-api-key/device.json", {
    body: {
      application_name: APPLICATION,
      client_id: clientId,
      scopes: SCOPES,
      public_key: await pem(pair.publicKey),
      nonce,
      padding: "oaep",
      expires_in_seconds: DAYS * 24 * 60 * 60,
    },
  });
  tell({ code: device.user_code, link: device.verification_uri_with_request ?? device.verification_uri });
  const payload = await polled(site, device);
  const { key, nonce: returned } = await decrypted(payload, pair.privateKey);
  if (returned !== nonce) throw new Error("That was the answer to another question.");
  return key;
}

// One request: a GET, or a POST of `body` as JSON. The error says what the site said.
export async function call(site, path, { key, body, method = body ? "POST" : "GET" }) {
  const headers = {};
  if (key) headers["User-Api-Key"] = key;
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(site + path, { method, headers, body: body && JSON.stringify(body), credentials: "omit" });
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw Object.assign(new Error(answer?.errors?.[0] ?? `The site answered ${response.status}.`), { status: response.status });
  return answer;
}

async function polled(site, { device_code, interval }) {
  for (;;) {
    const { status, payload } = await call(site, "/user-api-key/device/poll.json", { body: { device_code } });
    if (status === "authorized") return payload;
    if (status === "access_denied") throw new Error("Nothing was allowed.");
    if (status !== "authorization_pending") throw new Error("The code has expired. Ask for a new one.");
    await new Promise(resolve => setTimeout(resolve, interval * 1000));
  }
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
