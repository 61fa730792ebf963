// Listens with the unmodified client, which expects a browser around it: here is as much of one as it asks for.
//
//   node message_bus_client.js CLIENT BASE KEY CHANNEL POSITION CHUNKED
"use strict";

const [client, base, key, channel, position, chunked] = process.argv.slice(2);

globalThis.document = { hidden: false, hasFocus: true, addEventListener() {}, removeEventListener() {} };
globalThis.XMLHttpRequest = class {
  onprogress = null;
};
const { MessageBus } = require(client);

// What the client asks its page for: jQuery's `ajax`, over `fetch`.
MessageBus.ajax = (options) => {
  const aborter = new AbortController();
  const xhr = { status: 0, responseText: "", onprogress: null, headers: new Headers() };
  xhr.getResponseHeader = (name) => xhr.headers.get(name);
  xhr.abort = () => aborter.abort();
  if (options.messageBus.chunked) options.messageBus.onProgressListener(xhr);
  const run = async () => {
    const response = await fetch(options.url, {
      method: options.type,
      headers: options.headers,
      body: new URLSearchParams(options.data),
      signal: aborter.signal,
    });
    xhr.status = response.status;
    xhr.headers = response.headers;
    const decoder = new TextDecoder();
    for await (const part of response.body) {
      xhr.responseText += decoder.decode(part, { stream: true });
      if (xhr.onprogress) xhr.onprogress();
    }
    if (!response.ok) throw new Error(`${response.status} ${xhr.responseText}`);
    const type = response.headers.get("content-type");
    console.log(`answered ${type}`);
    options.success(options.dataType === "json" ? JSON.parse(xhr.responseText) : xhr.responseText);
  };
  run()
    .catch((error) => {
      console.log(`failed ${error.message}`);
      options.error(xhr, error.name === "AbortError" ? "abort" : "error");
    })
    .finally(() => options.complete());
  return xhr;
};

MessageBus.baseUrl = `${base}/`;
MessageBus.headers = { "User-Api-Key": key };
MessageBus.alwaysLongPoll = true;
MessageBus.enableChunkedEncoding = chunked === "true";
MessageBus.subscribe(
  channel,
  (data, globalId, messageId) => console.log(`heard ${JSON.stringify({ data, globalId, messageId })}`),
  Number(position),
);
