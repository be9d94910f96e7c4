import type { Decompress } from 'fzstd';
import { XXHash64 } from './xxhash64.js';

const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
/** The reference decoder's limit for streams. */
const MAX_WINDOW = 2 ** 27;
const LONGEST_HEADER = 18;

/** Ends the reading with what was found. */
type Refuse = (received: string) => never;

/**
 * The bytes of zstd data in chunks; frames may follow each other.
 *
 * Frames are taken apart here, so that no header can ask for more memory than the format allows by default. The size
 * and the checksum that a frame states are compared with what it holds.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8878 Zstandard Compression
 */
export async function* decompressZstd(stored: AsyncIterable<Buffer>, refuse: Refuse): AsyncGenerator<Buffer> {
  const { Decompress: Decoder } = await import('fzstd');
  const input = new ByteQueue(stored, refuse);
  while (await input.holds(1)) {
    const magic = (await input.peek(4)).readUInt32LE(0);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) await skipFrame(input);
    else if (magic === FRAME) yield* decodeFrame(input, refuse, Decoder);
    else refuse(`0x${magic.toString(16)} in place of the start of a zstd frame`);
  }
}

async function skipFrame(input: ByteQueue): Promise<void> {
  let left = (await input.take(8)).readUInt32LE(4);
  while (left > 0) {
    const count = Math.min(left, 2 ** 18);
    await input.take(count);
    left -= count;
  }
}

async function* decodeFrame(input: ByteQueue, refuse: Refuse, Decoder: typeof Decompress): AsyncGenerator<Buffer> {
  let output: Buffer[] = [];
  const decoder = new Decoder((chunk) => output.push(Buffer.from(chunk)));
  const header = parseFrameHeader(await input.peekUpTo(LONGEST_HEADER), refuse);
  const content = new FrameContent(header, refuse);
  decoder.push(await input.take(header.bytes));
  for (let last = false; !last;) {
    const block = await input.peek(3);
    last = (block[0]! & 1) === 1;
    const rle = ((block[0]! >> 1) & 3) === 1;
    const length = rle ? 1 : block.readUIntLE(0, 3) >> 3;
    const stored = await input.take(3 + length + (last && header.checksum ? 4 : 0));
    decoder.push(stored, last);
    for (const piece of output) content.add(piece);
    yield* output;
    output = [];
    if (last) content.end(stored);
  }
}

/** Compares the content of a frame with what the frame says of it. */
class FrameContent {
  readonly #header: FrameHeader;
  readonly #refuse: Refuse;
  readonly #hash: XXHash64 | undefined;
  #bytes = 0;

  constructor(header: FrameHeader, refuse: Refuse) {
    this.#header = header;
    this.#refuse = refuse;
    this.#hash = header.checksum ? new XXHash64() : undefined;
  }

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    this.#hash?.update(chunk);
  }

  /** @param block - the last one, with the checksum behind it */
  end(block: Buffer): void {
    const { contentBytes = this.#bytes } = this.#header;
    if (this.#bytes !== contentBytes) this.#refuse(`a zstd frame of ${this.#bytes} bytes that says ${contentBytes}`);
    if (this.#hash === undefined) return;
    const [found, stated] = [Number(BigInt.asUintN(32, this.#hash.digest())), block.readUInt32LE(block.length - 4)];
    if (found !== stated) this.#refuse(`a zstd frame with the checksum ${found} that says ${stated}`);
  }
}

/** The header of a frame. */
interface FrameHeader {
  /** The length of the header. */
  bytes: number;
  /** The length of the content; undefined where the header does not say. */
  contentBytes: number | undefined;
  /** True where a checksum ends the frame. */
  checksum: boolean;
}

function parseFrameHeader(head: Buffer, refuse: Refuse): FrameHeader {
  const flags = head[4] ?? 0;
  const single = (flags & 0x20) !== 0;
  const sizeBytes = flags >> 6 === 0 ? Number(single) : 1 << (flags >> 6);
  const dictionaryBytes = [0, 1, 2, 4][flags & 3]!;
  const start = (single ? 5 : 6) + dictionaryBytes;
  const bytes = start + sizeBytes;
  if (head.length < bytes) refuse('the end of the file within a zstd frame');
  const contentBytes = sizeBytes === 0 ? undefined : readContentSize(head.subarray(start, bytes));
  const window = single ? contentBytes! : computeWindowSize(head[5]!);
  if (window > MAX_WINDOW) refuse(`a zstd window of ${window} bytes, above ${MAX_WINDOW}`);
  return { bytes, contentBytes, checksum: (flags & 4) !== 0 };
}

function readContentSize(bytes: Buffer): number {
  const low = bytes.readUIntLE(0, Math.min(bytes.length, 4));
  const high = bytes.length === 8 ? bytes.readUInt32LE(4) : 0;
  return high * 2 ** 32 + low + (bytes.length === 2 ? 256 : 0);
}

function computeWindowSize(descriptor: number): number {
  const size = 2 ** (10 + (descriptor >> 3));
  return size + (size / 8) * (descriptor & 7);
}

/** Bytes in the order they arrive, taken in any length. */
class ByteQueue {
  readonly #source: AsyncIterator<Buffer>;
  readonly #refuse: Refuse;
  #held = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>, refuse: Refuse) {
    this.#refuse = refuse;
    this.#source = source[Symbol.asyncIterator]();
  }

  /** True where as many bytes are left. */
  async holds(count: number): Promise<boolean> {
    while (this.#held.length < count) {
      const next = await this.#source.next();
      if (next.done === true) return false;
      this.#held = Buffer.concat([this.#held, next.value]);
    }
    return true;
  }

  async peek(count: number): Promise<Buffer> {
    if (!(await this.holds(count))) this.#refuse('the end of the file within a zstd frame');
    return this.#held.subarray(0, count);
  }

  async peekUpTo(count: number): Promise<Buffer> {
    await this.holds(count);
    return this.#held.subarray(0, count);
  }

  async take(count: number): Promise<Buffer> {
    const bytes = await this.peek(count);
    this.#held = this.#held.subarray(count);
    return bytes;
  }
}
