/**
 * Changes the store STORE without end and prints each change once it was returned: `kind current previous newest`. With OPERATION and TURNS
 * it dies at the so many-th operation on files of the store, so many turns later.
 */
import { AdapterStore } from '../../dist/adapters/index.js';
import { killAt } from '../helpers/kill-at.mjs';
import { describeTraining, writeAdapter } from '../adapters/store/adapter-files.mjs';

const [folder, seed, operation, turns] = process.argv.slice(2);
if (operation !== undefined) killAt(/lora_adapters/, Number(operation), Number(turns));
const store = await AdapterStore.open(folder, { write: true, keepLast: 2 });

async function train(run, end) {
  const staged = await store.stage({ key: `plan-${run}` });
  writeAdapter(staged.folder, run);
  await end(staged);
}

const changes = {
  promote: (run) => train(run, (staged) => store.promote(staged, { metadata: describeTraining(run) })),
  reject: (run) =>
    train(run, (staged) => store.reject(staged, { metadata: describeTraining(run), reasons: ['worse'] })),
  restore: async () => void (store.backups().length > 0 && (await store.restore(store.backups().at(-1).name))),
  rollback: async () => void (store.previous && (await store.rollback())),
  prune: () => store.prune(),
  pin: async () => void (store.current && (await store.pin(store.current.id))),
  unpin: async () => void (store.pinned.length > 0 && (await store.unpin(store.pinned[0]))),
};
const order = ['promote', 'promote', 'reject', 'restore', 'prune', 'promote', 'rollback', 'pin', 'promote', 'unpin'];
const say = (kind) => {
  const ids = [store.current?.id, store.previous?.id, store.list()[0]?.id].map((id) => id ?? 'none');
  process.stdout.write(`${kind} ${ids.join(' ')}\n`);
};
say('open');
for (let run = Number(seed); ; run++) {
  const kind = order[run % order.length];
  await changes[kind](run);
  say(kind);
}
