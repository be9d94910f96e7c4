/** Multiplies a shared tensor by ten, in a thread of its own. */
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { receive } = await import('../../../lib/tensor/index.ts');
receive(workerData).mul_(10);
