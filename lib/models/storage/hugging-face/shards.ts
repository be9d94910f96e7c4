import { join } from 'node:path';
import type { NamedTensors } from '../../../nn/index.js';
import { saveSafetensors } from '../../../tensor/index.js';
import { writeJson } from '../folder.js';

/** The name of a folder's weights in one file. */
export const WEIGHTS = 'model.safetensors';
/** The file that says which tensor is in which shard. */
export const INDEX = 'model.safetensors.index.json';

/**
 * Writes tensors to one file, or to several of at most `shardBytes` each (more for a larger tensor) with their index.
 * @param folder - a path that exists
 * @param tensors - by the names they get, each stored in its dtype
 * @param shardBytes - the most bytes of tensors in a file
 * @returns nothing, once all is written
 */
export async function saveShards(folder: string, tensors: NamedTensors, shardBytes: number): Promise<void> {
  const metadata = { format: 'pt' };
  const shards = splitShards(tensors, shardBytes);
  if (shards.length === 1) return void (await saveSafetensors(join(folder, WEIGHTS), tensors, { metadata }));
  const map: Record<string, string> = {};
  for (const [i, shard] of shards.entries()) {
    const file = `model-${formatShardNumber(i + 1)}-of-${formatShardNumber(shards.length)}.safetensors`;
    await saveSafetensors(join(folder, file), Object.fromEntries(shard), { metadata });
    for (const [name] of shard) map[name] = file;
  }
  const size = Object.values(tensors).reduce((sum, { bytes }) => sum + bytes, 0);
  await writeJson(join(folder, INDEX), { metadata: { total_size: size }, weight_map: map });
}

type Entry = [name: string, tensor: NamedTensors[string]];

/** Fills one shard after another, in the order of the tensors. */
function splitShards(tensors: NamedTensors, shardBytes: number): Entry[][] {
  const shards: Entry[][] = [[]];
  let room = shardBytes;
  for (const entry of Object.entries(tensors)) {
    const { bytes } = entry[1];
    if (bytes > room && shards.at(-1)!.length > 0) {
      shards.push([]);
      room = shardBytes;
    }
    shards.at(-1)!.push(entry);
    room -= bytes;
  }
  return shards;
}

function formatShardNumber(count: number): string {
  return String(count).padStart(5, '0');
}
