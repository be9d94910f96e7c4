const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const COUNT_UNITS = ['', ' k', ' M', ' G', ' T'];

/** An integer with thousands separated: `12,345`. */
export function formatInteger(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** A count in brief: `987`, `10.8 M`. */
export function formatCount(value: number): string {
  return formatScaled(value, 1000, COUNT_UNITS, '');
}

/** A size: `512 B`, `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  return formatScaled(bytes, 1024, BYTE_UNITS, ' ');
}

/** A length of time in at most two units: `340 ms`, `12.3 s`, `4 min 05 s`, `2 h 03 min`. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return 'unknown';
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${padToTwo(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${padToTwo(minutes % 60)} min`;
}

/** Three significant digits or more below a unit's step, one decimal above the first unit. */
function formatScaled(value: number, base: number, units: readonly string[], gap: string): string {
  if (!Number.isFinite(value)) return String(value);
  let size = Math.abs(value);
  let unit = 0;
  while (unit < units.length - 1 && Number(size.toFixed(unit === 0 ? 0 : 1)) >= base) {
    size /= base;
    unit++;
  }
  const digits = unit === 0 ? String(Math.round(size)) : size.toFixed(1);
  return `${value < 0 ? '-' : ''}${digits}${gap}${units[unit] ?? ''}`;
}

function padToTwo(value: number): string {
  return String(value).padStart(2, '0');
}
