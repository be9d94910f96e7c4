/**
 * The visible characters that GPT-2's vocabulary writes bytes with: Latin-1 where it is visible, else the characters
 * from U+0100 on.
 */
export const byteCharacters: readonly string[] = createByteCharacters();

const byteOf = new Map(byteCharacters.map((character, byte) => [character, byte]));

function createByteCharacters(): string[] {
  const visible = (byte: number): boolean => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(visible(byte) ? byte : next++));
}

/** The written form of bytes: ` the` is written `Ġthe`. */
export function encodeBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byteCharacters[byte]!;
  return text;
}

/** The bytes of a written form; undefined where a character stands for no byte. */
export function decodeBytes(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const byte = byteOf.get(text[i]!);
    if (byte === undefined) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}
