/**
 * Writes native/text/unicode/unicode_ranges.generated.h: the letters, numbers and white space of Unicode, as this Node's own
 * regular expressions know them. Run it again when a newer Node brings a newer Unicode; `git diff` shows what changed.
 */
import { writeFileSync } from 'node:fs';

const TARGET = new URL('../../native/text/unicode/unicode_ranges.generated.h', import.meta.url);

const CLASSES = { kLetters: /\p{L}/u, kNumbers: /\p{N}/u, kSpaces: /\p{White_Space}/u };

/** The ranges [first, last] of code points that a pattern matches. */
function rangesOf(pattern) {
  const ranges = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    if (!pattern.test(String.fromCodePoint(code))) continue;
    const last = ranges.at(-1);
    if (last?.[1] === code - 1) last[1] = code;
    else ranges.push([code, code]);
  }
  return ranges;
}

/** One table of C++. */
function table(name, ranges) {
  const hex = (code) => `0x${code.toString(16)}`;
  const rows = ranges.map(([first, last]) => `    {${hex(first)}, ${hex(last)}},`);
  return [`inline constexpr CodePointRange ${name}[] = {`, ...rows, '};'].join('\n');
}

const tables = Object.entries(CLASSES).map(([name, pattern]) => table(name, rangesOf(pattern)));
const text = `// Written by scripts/build/generate-unicode.mjs from Unicode ${process.versions.unicode}.
// clang-format off
#pragma once

#include <cstdint>

namespace palabra {

// Code points from \`first\` to \`last\`, both included.
struct CodePointRange {
  uint32_t first;
  uint32_t last;
};

${tables.join('\n\n')}

}  // namespace palabra
`;
writeFileSync(TARGET, text);
