const MAX_TEXT = 60;
const MAX_ITEMS = 8;

/**
 * Prints a received value in brief, for error messages.
 *
 * @example show([1, 2, 3]) // '[1, 2, 3]'
 * @example show('x') // '"x"'
 */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(shorten(value));
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return value.name ? `function ${value.name}` : 'a function';
    case 'object':
      return value === null ? 'null' : showObject(value);
    default:
      return String(value);
  }
}

function shorten(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;
}

function showObject(value: object): string {
  if (Array.isArray(value)) return showArray(value);
  if (ArrayBuffer.isView(value)) return `${getClassName(value)}(${getViewLength(value)})`;
  if (isTensorLike(value)) return `${getClassName(value)} [${value.shape.join(', ')}] ${value.dtype}`;
  if (isErrorLike(value)) return `${getClassName(value)} ${JSON.stringify(shorten(value.message))}`;
  return getClassName(value) === 'Object' ? showPlain(value) : `an instance of ${getClassName(value)}`;
}

function showArray(items: readonly unknown[]): string {
  const shown = items.slice(0, MAX_ITEMS).map((item) => (isNested(item) ? '[…]' : show(item)));
  const rest = items.length > MAX_ITEMS ? [`… ${items.length} in all`] : [];
  return `[${[...shown, ...rest].join(', ')}]`;
}

function isNested(item: unknown): boolean {
  return Array.isArray(item) && item.length > MAX_ITEMS;
}

function showPlain(value: object): string {
  const keys = Object.keys(value);
  if (keys.length === 0) return '{}';
  const rest = keys.length > MAX_ITEMS ? ', …' : '';
  return `an object with keys ${keys.slice(0, MAX_ITEMS).map(shorten).join(', ')}${rest}`;
}

function getClassName(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return 'Object';
  const { constructor } = prototype as { constructor?: unknown };
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'Object';
}

function getViewLength(view: ArrayBufferView): number {
  return 'length' in view ? Number(view.length) : view.byteLength;
}

function isTensorLike(value: object): value is { shape: readonly number[]; dtype: string } {
  if (!hasDtypeGetter(value)) return false;
  try {
    return 'shape' in value && Array.isArray(value.shape) && 'dtype' in value && typeof value.dtype === 'string';
  } catch {
    return false;
  }
}

function isErrorLike(value: object): value is { message: string } {
  return 'message' in value && typeof value.message === 'string' && 'stack' in value;
}

function hasDtypeGetter(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return typeof prototype === 'object' && prototype !== null && Object.hasOwn(prototype, 'dtype');
}
