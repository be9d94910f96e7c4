/** What printing needs of a module. */
export interface PrintableModule {
  summary(): string;
  parameterCount(): number;
  children(): [name: string, child: PrintableModule][];
}

/** The tree of a module: names, classes, summaries, and parameter counts. */
export function printModule(module: PrintableModule): string {
  return [headline(module), ...branches(module, '')].join('\n');
}

function headline(module: PrintableModule): string {
  const summary = module.summary();
  const count = module.parameterCount();
  const counted = count === 0 ? '' : ` · ${count.toLocaleString('en-GB')} parameters`;
  return `${module.constructor.name}${summary === '' ? '' : `(${summary})`}${counted}`;
}

function branches(module: PrintableModule, indent: string): string[] {
  const children = module.children();
  return children.flatMap(([name, child], index) => {
    const last = index === children.length - 1;
    const below = branches(child, indent + (last ? '   ' : '│  '));
    return [`${indent}${last ? '└─' : '├─'} ${name}: ${headline(child)}`, ...below];
  });
}
