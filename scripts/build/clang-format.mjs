/** Checks the layout of native/ with clang-format and names the files that differ; `--write` mends them. */
import { spawnSync } from 'node:child_process';
import { clangTool } from './clang-tools.mjs';
import { nativeFiles } from './native-files.mjs';

const tool = clangTool('clang-format');
const files = nativeFiles('.cc', '.h', '.c');

/** Whether clang-format would leave files as they are. */
function areFormatted(paths) {
  return spawnSync(tool, ['--dry-run', '-Werror', ...paths], { stdio: 'ignore' }).status === 0;
}

if (process.argv.includes('--write')) {
  process.exitCode = spawnSync(tool, ['-i', ...files], { stdio: 'inherit' }).status ?? 1;
} else {
  const unformatted = areFormatted(files) ? [] : files.filter((file) => !areFormatted([file]));
  for (const file of unformatted) console.log(`clang-format: ${file} differs (npm run format:write mends it)`);
  if (unformatted.length > 0) process.exitCode = 1;
}
