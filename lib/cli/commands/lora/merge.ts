import { constants, existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { AdapterStore, loadAdapter, mergeAndUnload } from '../../../adapters/index.js';
import {
  createDirectory,
  deferSchema,
  hashFile,
  listOwnFiles,
  parseConfig,
  raise,
  throwFileError,
  writeDirectoryAtomic,
} from '../../../core/index.js';
import type { FileRecord } from '../../../core/index.js';
import { findArchitecture, saveModel } from '../../../models/index.js';
import type { OpenModel } from '../../inputs/model-folder.js';
import { openModel } from '../../inputs/model-folder.js';
import type { Output } from '../../output.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import { findNamedVersion } from './named-version.js';
import { createStoreCommand, reportWarnings } from './store-flag.js';
import type { StoreFlags } from './store-flag.js';

/** What a merged folder says of the base that it keeps. */
const NOTE = 'merge.json';
const KEPT = 'unmerged';

const noteSchema = deferSchema((z) =>
  z.strictObject({
    version: z.string(),
    base: z.string(),
    files: z.record(z.string(), z.strictObject({ bytes: z.int().min(0), sha256: z.string() })),
  }),
);

interface MergeFlags extends StoreFlags {
  model: string;
  out: string;
  replace?: boolean;
}

/** `palabra lora merge`: a model folder with an adapter in its weights. */
export function createMergeCommand(output: Output): Command {
  return createStoreCommand(
    'merge',
    "Write a model folder whose weights hold a version, and keep the base's files in it.",
  )
    .argument('[id]', 'a version or a backup, `current` or `previous`', 'current')
    .requiredOption('--model <folder>', 'the base model')
    .requiredOption('--out <folder>', 'the model folder to write')
    .option('--replace', 'take the place of a folder that is already there')
    .action((id: string, flags: MergeFlags) => merge(id, flags, output));
}

async function merge(id: string, flags: MergeFlags, output: Output): Promise<void> {
  const store = await AdapterStore.open(flags.store);
  reportWarnings(store, output);
  const version = await findNamedVersion('palabra lora merge', store, id);
  using opened = await openModel(flags.model, output);
  if (existsSync(join(opened.folder, NOTE))) refuseMerged(opened.folder);
  const { model, folder } = opened;
  await loadAdapter(version.folder, model, { layouts: findArchitecture('palabra lora merge', model.kind).huggingFace });
  const modules = mergeAndUnload(model);
  const out = resolve(flags.out);
  await createDirectory(dirname(out)).catch((cause: unknown) => throwFileError('palabra lora merge', out, cause));
  await writeDirectoryAtomic(out, (path) => fillMerged(path, opened, version.id), { replace: flags.replace === true });
  printResult(output, flags, { folder: out, version: version.id, base: folder, modules }, (merged) =>
    `${merged.folder}: ${merged.version} in ${merged.modules.length} modules of ${merged.base}`); // prettier-ignore
}

async function fillMerged(path: string, opened: OpenModel, version: string): Promise<void> {
  const { model, tokenizer, chatTemplate, generation, preprocess, folder } = opened;
  const beside = { tokenizer, generation, ...(chatTemplate && { chatTemplate }), ...(preprocess && { preprocess }) };
  await saveModel(path, model, { ...beside, replace: true });
  const kept = join(path, KEPT);
  await copyTree(folder, kept);
  const files: Record<string, FileRecord> = {};
  for (const name of await listOwnFiles(kept)) files[name] = await hashFile(join(kept, name));
  await writeFile(join(path, NOTE), `${JSON.stringify({ version, base: folder, files }, null, 2)}\n`);
}

/** Copies a folder, sharing blocks where the file system can. */
async function copyTree(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, dereference: true, mode: constants.COPYFILE_FICLONE });
}

interface UnmergeFlags extends JsonFlag {
  out?: string;
}

/** `palabra lora unmerge`: the base of a merged folder, bit by bit. */
export function createUnmergeCommand(output: Output): Command {
  return new Command('unmerge')
    .description('Put back the base that a merged folder keeps, bit by bit.')
    .argument('<folder>', 'that `palabra lora merge` wrote')
    .option('--out <folder>', 'where the base goes (default: the place of the merged folder)')
    .option('--json', 'print JSON')
    .action((folder: string, flags: UnmergeFlags) => unmerge(resolve(folder), flags, output));
}

async function unmerge(folder: string, flags: UnmergeFlags, output: Output): Promise<void> {
  const { files, version } = await readNote(folder);
  const out = flags.out === undefined ? folder : resolve(flags.out);
  const kept = join(folder, KEPT);
  await expectKept(kept, files);
  const fill = async (path: string): Promise<void> => {
    for (const name of Object.keys(files)) await copyTree(join(kept, name), join(path, name));
  };
  await writeDirectoryAtomic(out, fill, { replace: out === folder });
  printResult(output, flags, { folder: out, version, files: Object.keys(files) }, () =>
    `${out}: the base as it was before ${version} was merged, ${Object.keys(files).map((name) => basename(name)).join(', ')}`); // prettier-ignore
}

async function readNote(folder: string) {
  const path = join(folder, NOTE);
  const text = await readFile(path, 'utf8').catch((cause: unknown) =>
    throwFileError('palabra lora unmerge', path, cause),
  );
  try {
    return parseConfig(path, noteSchema, JSON.parse(text));
  } catch (cause) {
    return throwDamaged(path, (cause as Error).message, cause);
  }
}

/** Requires each file of the base as it was, and none beside them. */
async function expectKept(kept: string, files: Readonly<Record<string, FileRecord>>): Promise<void> {
  const found = await listOwnFiles(kept);
  for (const name of new Set([...found, ...Object.keys(files)])) {
    const path = join(kept, name);
    const expected = files[name];
    if (expected === undefined || !found.includes(name)) throwDamaged(path, expected ? 'none' : 'an unknown file');
    const { sha256 } = await hashFile(path);
    if (sha256 !== expected.sha256) throwDamaged(path, `SHA-256 ${sha256}`);
  }
}

function refuseMerged(folder: string): never {
  raise('PAL_ARGUMENT', {
    where: 'palabra lora merge',
    expected: 'a base model',
    received: `${folder}, which holds an adapter already`,
    fix: 'Take the base itself, or `palabra lora unmerge` it first.',
  });
}

function throwDamaged(path: string, received: string, cause?: unknown): never {
  return raise('PAL_CHECKPOINT', {
    where: 'palabra lora unmerge',
    expected: `${path} as it was merged`,
    received,
    fix: 'Take the base from where it came from.',
    details: { path },
    cause,
  });
}
