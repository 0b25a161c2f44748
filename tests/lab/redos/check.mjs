// Reads a regular expression and its flags a line, and writes whether it matches in linear time, or an attack.
import { createInterface } from "node:readline";

process.env.RECHECK_BACKEND = "pure";
const { check } = await import("recheck");

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { source, flags } = JSON.parse(line);
  let result = await check(source, flags, { checker: "automaton", timeout: 60000 });
  if (result.error?.kind === "unsupported") result = await check(source, flags, { checker: "fuzz", timeout: 60000 });
  const isVulnerable = result.status === "vulnerable";
  const detail = isVulnerable ? `${result.complexity.summary}: ${result.attack?.pattern}` : result.error?.kind;
  console.log(JSON.stringify({ status: result.status, detail: detail ?? "" }));
}
