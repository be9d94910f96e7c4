/** The Castagnoli polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/** The change that each byte makes to the register. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let register = byte;
  for (let bit = 0; bit < 8; bit++) register = (register >>> 1) ^ (register & 1 ? POLYNOMIAL : 0);
  return register;
});

/**
 * The CRC-32C checksum of bytes.
 * @param bytes - any number of them
 * @returns an unsigned integer of 32 bits
 * @see RFC 3720, appendix B.4 for examples
 */
export function computeCrc32c(bytes: Uint8Array): number {
  let register = 0xffffffff;
  for (const byte of bytes) register = table[(register ^ byte) & 0xff]! ^ (register >>> 8);
  return ~register >>> 0;
}

/**
 * The checksum as TFRecord files hold it: rotated by 15 bits and moved, so that checksums of checksums work.
 * @param bytes - any number of them
 * @returns an unsigned integer of 32 bits
 */
export function computeMaskedCrc32c(bytes: Uint8Array): number {
  const crc = computeCrc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
