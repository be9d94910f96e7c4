/** The interface of a module that can be printed. */
export interface PrintableModule {
  extraRepr(): string;
  parameterCount(): number;
  children(): [name: string, child: PrintableModule][];
}

/**
 * The tree of a module: names, classes, their extra representations, and parameter counts.
 * @param module - the root
 * @returns a line for each module, without a line break at the end
 */
export function printModule(module: PrintableModule): string {
  return [formatHeadline(module), ...formatBranches(module, '')].join('\n');
}

function formatHeadline(module: PrintableModule): string {
  const details = module.extraRepr();
  const count = module.parameterCount();
  const counted = count === 0 ? '' : ` · ${count.toLocaleString('en-GB')} parameters`;
  return `${module.constructor.name}${details === '' ? '' : `(${details})`}${counted}`;
}

function formatBranches(module: PrintableModule, indent: string): string[] {
  const children = module.children();
  return children.flatMap(([name, child], index) => {
    const last = index === children.length - 1;
    const below = formatBranches(child, indent + (last ? '   ' : '│  '));
    return [`${indent}${last ? '└─' : '├─'} ${name}: ${formatHeadline(child)}`, ...below];
  });
}
