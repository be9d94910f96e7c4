import ts from 'typescript';

/** A parameter of a public function, method or constructor that takes an options object. */
export interface OptionsParameter {
  /** The source of the door, as `lib/nn/index.ts`. */
  door: string;
  /** `generate`, `new AdamW`, `CharTokenizer.train` or `Module#to`. */
  name: string;
  /** The place of the parameter, and which of those before it are taken apart. */
  index: number;
  destructured: readonly number[];
  /** A variant's tag, where the options are a union of variants. */
  tag: Record<string, string>;
  keys: readonly string[];
  /** Where the object lies inside the options: empty for the options themselves. */
  path: readonly string[];
}

const NAMES = /(Options|Tolerance|Context|Terms|Config|Target)$/;

/** Walks the types of the doors. */
export class OptionsWalk {
  readonly found: OptionsParameter[] = [];
  readonly #checker: ts.TypeChecker;
  readonly #program: ts.Program;

  constructor(doors: readonly string[]) {
    const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as { config: unknown };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
    this.#program = ts.createProgram([...doors], { ...options, noEmit: true });
    this.#checker = this.#program.getTypeChecker();
    const seen = new Set<ts.Symbol>();
    for (const door of doors) this.#walkDoor(door, seen);
  }

  #walkDoor(door: string, seen: Set<ts.Symbol>): void {
    const module = this.#checker.getSymbolAtLocation(this.#program.getSourceFile(door)!)!;
    for (const entry of this.#checker.getExportsOfModule(module)) {
      const symbol = entry.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(entry) : entry;
      if (seen.has(symbol) || !(symbol.flags & ts.SymbolFlags.Value)) continue;
      seen.add(symbol);
      const type = this.#checker.getTypeOfSymbol(symbol);
      this.#walkSignatures(door, entry.name, type.getCallSignatures());
      this.#walkSignatures(door, `new ${entry.name}`, type.getConstructSignatures());
      if (symbol.flags & ts.SymbolFlags.Class) this.#walkClass(door, entry.name, symbol, type);
    }
  }

  #walkClass(door: string, name: string, symbol: ts.Symbol, statics: ts.Type): void {
    const walkMethods = (type: ts.Type, separator: string): void => {
      for (const property of this.#checker.getPropertiesOfType(type)) {
        const declaration = property.declarations?.[0];
        if (declaration === undefined || declaration.parent !== symbol.valueDeclaration) continue;
        if (!ts.isMethodDeclaration(declaration) || !declaration.body || !isPublic(declaration)) continue;
        const signatures = this.#checker.getTypeOfSymbol(property).getCallSignatures();
        this.#walkSignatures(door, `${name}${separator}${property.name}`, signatures);
      }
    };
    walkMethods(statics, '.');
    walkMethods(this.#checker.getDeclaredTypeOfSymbol(symbol), '#');
  }

  #walkSignatures(door: string, name: string, signatures: readonly ts.Signature[]): void {
    for (const signature of signatures) {
      const parameters = signature.getParameters();
      const destructured = parameters.flatMap((parameter, i) => (isTakenApart(parameter) ? [i] : []));
      parameters.forEach((parameter, index) => {
        const type = this.#checker.getTypeOfSymbol(parameter);
        this.#add({ door, name, index, destructured, path: [] }, type, 0);
      });
    }
  }

  #add(place: Omit<OptionsParameter, 'keys' | 'tag'>, type: ts.Type, depth: number): void {
    const [variant] = this.#listVariants(type);
    if (variant === undefined) return;
    const properties = this.#checker.getPropertiesOfType(variant);
    const same = ({ name, index, path }: OptionsParameter): boolean =>
      name === place.name && index === place.index && path.join('.') === place.path.join('.');
    if (this.found.some(same)) return;
    const keys = properties.map(({ name }) => name);
    this.found.push({ ...place, keys, tag: this.#readTag(properties) });
    if (depth > 2) return;
    for (const property of properties) {
      this.#add({ ...place, path: [...place.path, property.name] }, this.#checker.getTypeOfSymbol(property), depth + 1);
    }
  }

  /** The types of plain objects with settings that a parameter takes; none where it takes something else. */
  #listVariants(type: ts.Type): ts.Type[] {
    const parts = type.isUnion() ? type.types : [type];
    return parts.filter((part) => this.#isOptions(part, type));
  }

  #isOptions(part: ts.Type, whole: ts.Type): boolean {
    if (!(part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) || !this.#isPlain(part)) return false;
    const properties = this.#checker.getPropertiesOfType(part);
    const optional = properties.filter(({ flags }) => flags & ts.SymbolFlags.Optional);
    const [symbol] = [part.aliasSymbol, whole.aliasSymbol, part.symbol].filter((found) => found !== undefined);
    const name = symbol?.name ?? '';
    if (/^(Required|Resolved)/.test(name)) return false;
    // A part of a tokenizer or a report is no options object.
    if (name === 'Pick' && !NAMES.test(part.aliasTypeArguments?.[0]?.symbol.name ?? '')) return false;
    return properties.length > 0 && (optional.length === properties.length || NAMES.test(name));
  }

  #isPlain(type: ts.Type): boolean {
    if (this.#checker.isArrayType(type) || this.#checker.isTupleType(type)) return false;
    if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return false;
    if (type.getStringIndexType() !== undefined) return false;
    const symbol = type.symbol as ts.Symbol | undefined;
    if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Class) return false;
    const file = symbol?.declarations?.[0]?.getSourceFile().fileName ?? '';
    return !/node_modules\/(typescript|@types)\//.test(file) || type.aliasSymbol !== undefined;
  }

  #readTag(properties: readonly ts.Symbol[]): Record<string, string> {
    const tag = properties.find(({ name }) => name === 'type');
    const type = tag && this.#checker.getTypeOfSymbol(tag);
    return type?.isStringLiteral() ? { type: type.value } : {};
  }
}

function isPublic(declaration: ts.Declaration): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  const { name } = declaration as ts.NamedDeclaration;
  return (
    (ts.getCombinedModifierFlags(declaration) & hidden) === 0 && name !== undefined && !ts.isPrivateIdentifier(name)
  );
}

function isTakenApart({ valueDeclaration }: ts.Symbol): boolean {
  return valueDeclaration !== undefined && ts.isParameter(valueDeclaration) && !ts.isIdentifier(valueDeclaration.name);
}
