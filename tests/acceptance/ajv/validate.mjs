// Reads one JSON object a line: {name, schema} compiles a schema, {name, payload} writes whether the payload is valid.
import { createInterface } from "node:readline";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const ajv = addFormats(new Ajv2020({ strict: true, allowUnionTypes: false, allErrors: false }));
const validators = new Map();

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { name, schema, payload } = JSON.parse(line);
  if (schema) validators.set(name, ajv.compile(schema));
  else console.log(validators.get(name)(payload));
}
