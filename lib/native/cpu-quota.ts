import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where each version of control groups keeps the processor time that a group may take. */
const hierarchies = [
  { member: /^0::(\/.*)$/m, mounts: ['sys/fs/cgroup', 'sys/fs/cgroup/unified'], read: readQuota2 },
  { member: /^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(\/.*)$/m, mounts: ['sys/fs/cgroup/cpu', 'sys/fs/cgroup/cpu,cpuacct'], read: readQuota1 },
];

/**
 * The processors' worth of time that the control groups of this process grant it, the least of them and all above.
 *
 * @param root - the folder that stands for `/`
 * @returns a fraction of processors above 0; undefined where nothing limits them
 */
export function readCpuQuota(root = '/'): number | undefined {
  const groups = readText(join(root, 'proc/self/cgroup')) ?? '';
  const quotas = hierarchies.flatMap(({ member, mounts, read }) => {
    const folders = listUpwards(member.exec(groups)?.[1] ?? '/');
    return mounts.flatMap((mount) => folders.map((folder) => read(join(root, mount, folder))));
  });
  const limits = quotas.filter((quota) => quota !== undefined && quota > 0) as number[];
  return limits.length > 0 ? Math.min(...limits) : undefined;
}

/** A path and all above it, `/` last: inside a container the group's own path may not be there. */
function listUpwards(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((_, i) => names.slice(0, names.length - i).join('/')).concat('/');
}

/** `max 100000`, or microseconds granted of each period. */
function readQuota2(folder: string): number | undefined {
  const [quota, period] = (readText(join(folder, 'cpu.max')) ?? '').split(' ');
  return toProcessors(quota, period);
}

/** A quota of -1 is none. */
function readQuota1(folder: string): number | undefined {
  return toProcessors(readText(join(folder, 'cpu.cfs_quota_us')), readText(join(folder, 'cpu.cfs_period_us')));
}

function toProcessors(quota: string | undefined, period: string | undefined): number | undefined {
  const processors = Number(quota) / Number(period);
  return Number.isFinite(processors) ? processors : undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
