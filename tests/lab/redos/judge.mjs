// Answers for each line, an expression and its flags, whether its matching takes linear time, and an attack when not.
import { createInterface } from "node:readline";

process.env.RECHECK_BACKEND = "pure";
const { check } = await import("recheck");

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { source, flags } = JSON.parse(line);
  let found = await check(source, flags, { checker: "automaton", timeout: 10000 });
  if (found.error?.kind === "unsupported") found = await check(source, flags, { checker: "fuzz", timeout: 10000 });
  const told = found.status === "vulnerable" ? `${found.complexity.summary}: ${found.attack?.pattern}` : found.error?.kind;
  console.log(JSON.stringify({ status: found.status, told: told ?? "" }));
}
