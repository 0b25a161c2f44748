// Reads one JSON object, {files: {uri: text}, complete: {uri: text}}, and writes what VS Code would show: of each file
// the problems, and of each text the proposals where `|` stands. Schemas are read from the addresses in `$schema`.
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import service from "vscode-json-languageservice";

const { files, complete } = JSON.parse(await text(process.stdin));
const editor = service.getLanguageService({
  schemaRequestService: async (uri) => readFileSync(new URL(uri), "utf8"),
  workspaceContext: { resolveRelativePath: (path, uri) => new URL(path, uri).href },
});

function open(uri, content) {
  const document = service.TextDocument.create(uri, "json", 1, content);
  return [document, editor.parseJSONDocument(document)];
}

const problems = {};
for (const [uri, content] of Object.entries(files)) {
  problems[uri] = (await editor.doValidation(...open(uri, content))).map((each) => each.message);
}
const proposals = {};
for (const [uri, content] of Object.entries(complete)) {
  const [document, parsed] = open(uri, content.replace("|", ""));
  const { items } = await editor.doComplete(document, document.positionAt(content.indexOf("|")), parsed);
  proposals[uri] = items.map((item) => item.label);
}
console.log(JSON.stringify({ problems, proposals }));
