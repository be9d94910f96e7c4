/** The bytes of a vocabulary's tokens; undefined for those that are no words. */
export type TokenBytes = readonly (Uint8Array | undefined)[];

/** Tokens by their bytes. */
export interface TokenNode {
  /** The tokens whose bytes end here. */
  readonly ids: number[];
  readonly next: Map<number, TokenNode>;
}

/** A vocabulary by bytes. */
export interface TokenTree {
  /** The node of no bytes. */
  readonly root: TokenNode;
  /** The tokens that are no words. */
  readonly marks: readonly number[];
}

const trees = new WeakMap<TokenBytes, TokenTree>();

/**
 * The tokens of a vocabulary by their bytes, made once.
 *
 * @param bytes - of each token
 * @returns the tree
 */
export function openTokenTree(bytes: TokenBytes): TokenTree {
  let tree = trees.get(bytes);
  if (tree === undefined) trees.set(bytes, (tree = growTree(bytes)));
  return tree;
}

function growTree(all: TokenBytes): TokenTree {
  const root: TokenNode = { ids: [], next: new Map() };
  const marks: number[] = [];
  for (const [id, bytes] of all.entries()) {
    if (bytes === undefined) marks.push(id);
    else addToken(root, id, bytes);
  }
  return { root, marks };
}

function addToken(root: TokenNode, id: number, bytes: Uint8Array): void {
  let node = root;
  for (const byte of bytes) {
    let next = node.next.get(byte);
    if (next === undefined) node.next.set(byte, (next = { ids: [], next: new Map() }));
    node = next;
  }
  node.ids.push(id);
}
