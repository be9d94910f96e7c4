import type { HubFile } from './hub-file.js';

/** Endings of files that can be read, after that of a compression is taken away. */
const DATA_FILE = /\.(?:parquet|(?:jsonl|ndjson|csv|tsv|txt)(?:\.gz|\.zst)?)$/i;

/** A selection of files of a repository. */
export interface DataSelection {
  config: string;
  split: string;
  /** A pattern for paths; takes the place of config and split. */
  files?: string | undefined;
}

/** The files of a split by the usual names: `config/split-00000-of-00003.parquet`, `data/split.jsonl.gz` and the like. */
export function selectDataFiles(all: readonly HubFile[], { config, split, files }: DataSelection): HubFile[] {
  const pattern = files === undefined ? createSplitPattern(config, split) : createPathPattern(files);
  return all
    .filter(({ path }) => pattern.test(path) && DATA_FILE.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The names of configs and splits that the paths hold. */
export function listKnownNames(all: readonly HubFile[]): { configs: string[]; splits: string[] } {
  const found = all.filter(({ path }) => DATA_FILE.test(path)).map(({ path }) => path.split('/'));
  const configs = found.flatMap((names) => (names.length > 1 && names[0] !== 'data' ? [names[0]!] : []));
  const splits = found.map((names) =>
    (names.length > 2 ? names[1]! : names.at(-1)!).replace(/(?:-\d+-of-\d+)?\..*$/, ''),
  );
  return { configs: [...new Set(configs)], splits: [...new Set(splits)] };
}

function createSplitPattern(config: string, split: string): RegExp {
  const folder = config === 'default' ? '(?:default/|data/)?' : `${escapeLiteral(config)}/`;
  return new RegExp(`^${folder}${escapeLiteral(split)}(?:-\\d+-of-\\d+|/[^/]+)?\\.[^/]+$`);
}

/** `*` for any characters of a name, `?` for one, `**` for any folders. */
function createPathPattern(pattern: string): RegExp {
  const source = pattern
    .split('/')
    .map((name) =>
      name === '**' ? '(?:[^/]+/)*' : `${escapeLiteral(name).replaceAll('\\*', '[^/]*').replaceAll('\\?', '[^/]')}/`,
    )
    .join('');
  return new RegExp(`^${source.replace(/\/$/, '')}$`);
}

function escapeLiteral(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
