/** The bytes of a vocabulary's tokens; undefined for those that are no words. */
export type TokenBytes = readonly (Uint8Array | undefined)[];

/** Tokens by their bytes. */
export interface TokenNode {
  /** The tokens whose bytes end here. */
  readonly ids: number[];
  readonly next: Map<number, TokenNode>;
}

const trees = new WeakMap<TokenBytes, TokenNode>();

/**
 * The tokens of a vocabulary by their bytes, made once.
 *
 * @param bytes - of each token
 * @returns the node of no bytes
 */
export function openTokenTree(bytes: TokenBytes): TokenNode {
  let root = trees.get(bytes);
  if (root === undefined) trees.set(bytes, (root = growTree(bytes)));
  return root;
}

function growTree(all: TokenBytes): TokenNode {
  const root: TokenNode = { ids: [], next: new Map() };
  for (const [id, bytes] of all.entries()) {
    if (bytes === undefined) continue;
    let node = root;
    for (const byte of bytes) {
      let next = node.next.get(byte);
      if (next === undefined) node.next.set(byte, (next = { ids: [], next: new Map() }));
      node = next;
    }
    node.ids.push(id);
  }
  return root;
}
