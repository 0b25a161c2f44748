// Verdicts of ajv on events, one a line: node validate.mjs SCHEMA SOURCE TARGET
import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const [, , schema, source, target] = process.argv;
const ajv = addFormats(new Ajv2020({ strict: true, allErrors: false }));
const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));

function isValid(line) {
  try {
    return validate(JSON.parse(line));
  } catch {
    return false;
  }
}

let verdicts = "";
for await (const line of createInterface({ input: createReadStream(source), crlfDelay: Infinity })) {
  verdicts += isValid(line) ? "1\n" : "0\n";
}
createWriteStream(target).end(verdicts);
