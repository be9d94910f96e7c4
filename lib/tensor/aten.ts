import { raise, suggest } from '../core/index.js';
import { loadAddon } from '../native/index.js';
import type { AtenOperators, PalabraOperators } from './aten.generated.js';
import { getOperator } from './operator.js';
import type { OperatorCaller } from './operator.js';

/** The namespace of an operator of the dispatcher. */
type Namespace = 'aten' | 'palabra';

let names: Map<string, string> | undefined;

/**
 * The name that an operator has as a property: its overload after an underscore, as `add_Tensor`.
 * @param operatorName - `namespace::name.overload`, the overload left out for the default one
 * @returns `name_overload`, or `name`
 * @example toPropertyName('aten::add.Tensor') // 'add_Tensor'
 */
export function toPropertyName(operatorName: string): string {
  return operatorName.replace(/^.*::/, '').replace('.', '_');
}

/** The operator of each `namespace::property`; the default overload wins where two have one property name. */
function mapOperatorsByProperty(): Map<string, string> {
  if (names) return names;
  const all = loadAddon().operatorNames();
  const sorted = [...all].sort((a, b) => Number(!a.includes('.')) - Number(!b.includes('.')));
  names = new Map(sorted.map((name) => [`${name.split('::')[0]}::${toPropertyName(name)}`, name]));
  return names;
}

function throwUnknownOperator(namespace: Namespace, property: string): never {
  const known = [...mapOperatorsByProperty().keys()].filter((name) => name.startsWith(`${namespace}::`));
  const near = suggest(`${namespace}::${property}`, known)?.replace(/^.*::/, '');
  raise('PAL_OPERATOR', {
    where: namespace,
    expected: 'an operator of libtorch, its overload after an underscore, as add_Tensor',
    received: property,
    fix: near === undefined ? undefined : `Did you mean "${near}"?`,
  });
}

function createNamespaceProxy<T extends object>(namespace: Namespace): T {
  const callers = new Map<string, OperatorCaller>();
  const find = (property: string): OperatorCaller => {
    const name = mapOperatorsByProperty().get(`${namespace}::${property}`) ?? throwUnknownOperator(namespace, property);
    const caller = getOperator(name);
    callers.set(property, caller);
    return caller;
  };
  return new Proxy({} as T, {
    get: (_, property) => {
      if (typeof property === 'symbol' || property === 'then' || property === 'toJSON') return undefined;
      return callers.get(property) ?? find(property);
    },
    has: (_, property) => typeof property === 'string' && mapOperatorsByProperty().has(`${namespace}::${property}`),
    set: () => false,
  });
}

/**
 * Every operator of libtorch, as its dispatcher has it: required arguments by position, keyword arguments in a
 * last plain object, the overload's name after an underscore.
 *
 * @example aten.add_Tensor(a, b, { alpha: 2 })
 * @example const [q, r] = aten.linalg_qr(matrix);
 */
export const aten: AtenOperators = createNamespaceProxy('aten');

/** The operators that this library adds to the dispatcher, called as those of {@link aten}. */
export const palabra: PalabraOperators = createNamespaceProxy('palabra');
