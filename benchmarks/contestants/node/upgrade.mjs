// The upgrade of the dialects of the corpus, without checks: node upgrade.mjs SOURCE TARGET
import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

const METADATA = ["page", "device", "app", "source", "generatorVersion", "containerVersion"];
const DEVICE = { userAgent: "user_agent", ip: "ip", locale: "lang" };

function rename(value, old, name) {
  if (value && old in value) {
    value[name] = value[old];
    delete value[old];
  }
}

function toMilliseconds(time) {
  return typeof time === "number" ? time : /^\d+$/.test(time) ? Number(time) : Date.parse(time);
}

function upgrade({ event, event_name, eventId, event_id, eventTimestamp, event_timestamp, version, properties, ...rest }) {
  const context = { event_id: event_id ?? eventId };
  const result = { event_name: event_name ?? event, ...properties };
  if (version) {
    context.version = 2;
    context.created = result.created;
    delete result.created;
  }
  context.event_timestamp = toMilliseconds(event_timestamp ?? eventTimestamp ?? context.created);
  for (const key of METADATA) if (key in rest) context[key] = rest[key];
  for (const [key, name] of Object.entries(DEVICE)) {
    if (key in rest) (context.device ??= {})[name] = rest[key];
  }
  rename(context.page, "location", "url");
  rename(context.device, "userAgent", "user_agent");
  rename(context.device, "cookies", "cookie");
  result.user.consent_categories = result.user.consent_categories.map(String);
  result.context = context;
  return result;
}

const [, , source, target] = process.argv;
const out = createWriteStream(target);
let block = "";
for await (const line of createInterface({ input: createReadStream(source), crlfDelay: Infinity })) {
  block += JSON.stringify(upgrade(JSON.parse(line))) + "\n";
  if (block.length > 131072) {
    out.write(block);
    block = "";
  }
}
out.end(block);
