import { statfs } from 'node:fs/promises';
import type { Command } from 'commander';
import { AdapterStore, hashBase } from '../../../adapters/index.js';
import type { VersionCheck, VersionRecord } from '../../../adapters/index.js';
import { formatBytes, formatInteger } from '../../../core/index.js';
import { openModel } from '../../inputs/model-folder.js';
import type { Output } from '../../output.js';
import { formatColumns, pluralize, printResult } from '../../print-result.js';
import { createStoreCommand, describeVersion, reportWarnings } from './store-flag.js';
import type { StoreFlags, VersionRow } from './store-flag.js';

const EXIT_DAMAGED = 1;

interface StatusFlags extends StoreFlags {
  model?: string;
}

/** `palabra lora status`: in one screen what a store holds. */
export function createStatusCommand(output: Output): Command {
  return createStoreCommand('status', 'Show what is current, previous and kept, what was trained on, what is pending.')
    .option('--model <folder>', 'the base model: says whether the current version was trained on it')
    .action(async (flags: StatusFlags) => {
      const store = await AdapterStore.open(flags.store);
      reportWarnings(store, output);
      printResult(output, flags, await readStatus(store, flags.model, output), formatStatus);
    });
}

type Status = Awaited<ReturnType<typeof readStatus>>;

async function readStatus(store: AdapterStore, model: string | undefined, output: Output) {
  const checks = new Map((await store.validate()).map((check) => [check.id, check.ok]));
  const { current, previous } = store;
  const base = model === undefined || current === undefined ? undefined : await compareBase(model, current, output);
  const describe = (version: VersionRecord | undefined) =>
    version === undefined ? null : { ...describeVersion(store, version), whole: checks.get(version.id) === true };
  const { bavail, bsize } = await statfs(store.folder);
  return {
    store: store.folder,
    ...{ current: describe(current), previous: describe(previous), pending: store.pending ?? null },
    kept: countKept(store),
    damaged: [...checks].filter(([, ok]) => !ok).map(([id]) => id),
    datasets: current?.metadata.datasets ?? [],
    lastRun: current === undefined ? null : describeLastRun(current),
    baseMatches: base ?? null,
    freeBytes: bavail * bsize,
    warnings: store.warnings,
  };
}

function countKept(store: AdapterStore) {
  const backups = store.backups();
  return {
    backups: {
      current: backups.filter(({ kind }) => kind === 'current').length,
      previous: backups.filter(({ kind }) => kind === 'previous').length,
    },
    versions: store.list().length,
    rejected: store.list().filter(({ status }) => status === 'rejected').length,
    pinned: store.pinned,
  };
}

function describeLastRun({ metadata }: VersionRecord) {
  return { dataset: metadata.last_dataset, updated: metadata.last_updated, mode: metadata.training_mode };
}

/** Undefined where the version does not say what it was trained on. */
async function compareBase(folder: string, { metadata }: VersionRecord, output: Output): Promise<boolean | undefined> {
  if (metadata.base_sha256 === undefined) return undefined;
  using opened = await openModel(folder, output);
  return hashBase(opened.model) === metadata.base_sha256;
}

function formatStatus(status: Status): string {
  const { kept, pending, lastRun, baseMatches } = status;
  const { current, previous } = kept.backups;
  const rows: [string, string][] = [
    ['store', status.store],
    ['current', formatVersion(status.current)],
    ['previous', formatVersion(status.previous)],
    [
      'kept',
      `${pluralize(kept.versions, 'version')} (${kept.rejected} rejected, ${kept.pinned.length} pinned), ` +
        `${current} and ${pluralize(previous, 'backup')} of current and previous`,
    ],
    ['damaged', status.damaged.join(', ') || 'none'],
    ['last run', lastRun === null ? 'none' : `${lastRun.updated}, ${lastRun.mode}, last ${lastRun.dataset}`],
    ['pending', pending === null ? 'nothing' : `${pending.id} since ${pending.createdAt}, key ${pending.key}`],
    ...(baseMatches === null ? [] : [['base', baseMatches ? 'matches' : 'is another'] as [string, string]]),
    ['disk', `${formatBytes(status.freeBytes)} free`],
  ];
  const datasets = status.datasets.map(formatDataset);
  return [formatColumns(rows), ...(datasets.length > 0 ? ['', 'trained on (validation loss)', ...datasets] : [])].join(
    '\n',
  );
}

function formatVersion(version: (VersionRow & { whole: boolean }) | null): string {
  if (version === null) return 'none';
  return `${formatRow(version)}, ${version.whole ? 'whole' : 'DAMAGED'}`;
}

function formatRow({ id, createdAt, examples, epochs, validationLoss, bytes }: VersionRow): string {
  const unique = examples.unique === null ? '' : `, ${formatInteger(examples.unique)} different`;
  const loss = validationLoss === null ? '' : `, validation loss ${validationLoss.toFixed(4)}`;
  const trained = `${formatInteger(examples.total)} examples${unique}, ${epochs} epochs`;
  return `${id}, ${createdAt.slice(0, 16)}, ${trained}${loss}, ${formatBytes(bytes)}`;
}

function formatDataset({ name, examples, validationLoss }: Status['datasets'][number]): string {
  const { before, after, base, interval } = validationLoss;
  const format = (loss: number | null): string => loss?.toFixed(4) ?? 'none';
  const gain = interval === null ? '' : `, change ${interval.map((bound) => bound.toFixed(4)).join(' to ')}`;
  const figures = `${format(before)} → ${format(after)} (base ${format(base)})${gain}`;
  return `  ${name}: ${pluralize(examples, 'example')}, ${figures}`;
}

/** `palabra lora list`: all versions. */
export function createListCommand(output: Output): Command {
  return createStoreCommand(
    'list',
    'List the versions, from the newest to the oldest, and what refers to them.',
  ).action(async (flags: StoreFlags) => {
    const store = await AdapterStore.open(flags.store);
    reportWarnings(store, output);
    const versions = store.list().map((version) => describeVersion(store, version));
    printResult(output, flags, { versions, backups: store.backups(), pinned: store.pinned }, ({ versions: rows }) =>
      rows.length === 0 ? 'No version yet.' : rows.map(formatListed).join('\n'),
    );
  });
}

function formatListed(row: VersionRow): string {
  const notes = [row.status, ...row.roles, ...(row.promotedAnyway ? ['promoted anyway'] : []), ...row.reasons];
  return `${formatRow(row)}\n  ${notes.join(', ')}`;
}

/** `palabra lora validate`: the hashes of all files. */
export function createValidateCommand(output: Output, end: (code: number) => void): Command {
  return createStoreCommand(
    'validate',
    'Compare every file of every version with its hash; exit code 1 if one differs.',
  ).action(async (flags: StoreFlags) => {
    const store = await AdapterStore.open(flags.store);
    reportWarnings(store, output);
    const versions = await store.validate();
    const ok = versions.every((version) => version.ok);
    printResult(output, flags, { ok, versions }, () => versions.map(formatCheck).join('\n') || 'No version yet.');
    if (!ok) end(EXIT_DAMAGED);
  });
}

function formatCheck({ id, ok, problems }: VersionCheck): string {
  return `${id}  ${ok ? 'whole' : problems.join('; ')}`;
}
