// The page: sign in with a code, who am I, sign out.
import { askForKey, call } from "./user-api-key.js";

const PARTS = ["signed-out", "waiting", "signed-in"];
const find = id => document.getElementById(id);
const kept = chrome.storage.local;

find("signed-out").addEventListener("submit", event => {
  event.preventDefault();
  attempt(async () => {
    const site = find("site").value.replace(/\/+$/, "");
    // The same each time, so that a new key takes the place of the last one.
    const { clientId = crypto.randomUUID() } = await kept.get("clientId");
    const key = await askForKey(site, clientId, ({ code, link }) => {
      find("code").textContent = code;
      find("link").href = link;
      see("waiting");
    });
    await kept.set({ site, clientId, key });
    await show();
  });
});

find("sign-out").addEventListener("click", () => attempt(async () => {
  const { site, key } = await kept.get();
  await call(site, "/user-api-key/revoke", { key, method: "POST" });
  await kept.remove("key");
  see("signed-out");
}));

attempt(show);

async function show() {
  const { site, key } = await kept.get();
  if (!key) return see("signed-out");
  const { current_user: user } = await call(site, "/session/current.json", { key });
  find("name").textContent = user.username;
  find("unread").textContent = user.all_unread_notifications_count;
  see("signed-in");
}

async function attempt(act) {
  find("problem").textContent = "";
  try {
    await act();
  } catch (error) {
    find("problem").textContent = error.message;
    // The user, or time, has ended the key.
    if (error.status === 403) await kept.remove("key");
    see("signed-out");
  }
}

function see(part) {
  for (const id of PARTS) find(id).hidden = id !== part;
}
