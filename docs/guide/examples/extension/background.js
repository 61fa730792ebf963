// Opens the page, and keeps the number on the icon up to date.
import { call } from "./user-api-key.js";

const MINUTES = 5;

chrome.action.onClicked.addListener(() => chrome.tabs.create({ url: "page.html" }));
chrome.alarms.create("look", { periodInMinutes: MINUTES });
chrome.alarms.onAlarm.addListener(look);
chrome.storage.local.onChanged.addListener(look);

async function look() {
  const { site, key } = await chrome.storage.local.get();
  const unread = key ? await count(site, key) : 0;
  await chrome.action.setBadgeText({ text: unread ? String(unread) : "" });
}

async function count(site, key) {
  try {
    return (await call(site, "/session/current.json", { key })).current_user.all_unread_notifications_count;
  } catch (error) {
    // Anything but this may be better at the next look.
    if (error.status !== 403) return "?";
    // The user, or time, has ended the key.
    await chrome.storage.local.remove("key");
    return 0;
  }
}
