// Answers one verdict a line. The first line of the input names the schemas, every other one a schema and a payload.
import { createInterface } from "node:readline";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const ajv = addFormats(new Ajv2020({ strict: true, allowUnionTypes: false, allErrors: false }));
const judges = new Map();

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const given = JSON.parse(line);
  if (given.schemas) {
    for (const [name, schema] of Object.entries(given.schemas)) judges.set(name, ajv.compile(schema));
  } else {
    console.log(judges.get(given.schema)(given.payload));
  }
}
