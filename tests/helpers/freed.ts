import { afterEach, beforeEach } from '@jest/globals';
import { loadAddon } from '../../lib/native/index.js';
import { listLiveSites, recordSites } from '../../lib/tensor/lifetimes/lifetime.js';

/** Frees every tensor that a test of this file makes and leaves, those of its models too, once the test is over. */
export function freedAfterEach(): void {
  beforeEach(() => {
    recordSites(true, () => 'a test');
  });
  afterEach(() => {
    for (const slot of listLiveSites().keys()) loadAddon().dispose(slot);
    recordSites(false);
  });
}
