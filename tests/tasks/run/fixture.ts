import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gpt, loadModel, saveModel } from '../../../lib/models/index.js';
import type { LanguageModel } from '../../../lib/models/index.js';
import { manualSeed } from '../../../lib/tensor/index.js';
import { openInstructions, trainAdapters } from '../../../lib/tasks/index.js';
import type { TrainAdaptersOptions, TrainAdaptersReport } from '../../../lib/tasks/index.js';
import { BpeTokenizer, ChatTemplate } from '../../../lib/text/index.js';
import { Trainer } from '../../../lib/training/index.js';
import { chatTemplates, specialTokens, templateTokens } from '../../helpers/chat-templates.js';

/** A record. */
export interface Fact {
  instruction: string;
  output: string;
}

export const template = new ChatTemplate(chatTemplates.chatml, { tokens: templateTokens.chatml });

export const colours = ['blue', 'red', 'green', 'black', 'white', 'brown'];

/** Questions whose answers follow from them. */
export function listFacts(topic: string, count: number, shift = 0): Fact[] {
  return Array.from({ length: count }, (_, i) => ({
    instruction: `${topic} ${i}: ${colours[i % colours.length]!}?`,
    output: `it is ${colours[(i + shift) % colours.length]!}`,
  }));
}

/** A folder of data, an empty store, and the parts of a tiny model that every run builds alike. */
export class Workshop {
  private constructor(
    readonly folder: string,
    readonly tokenizer: BpeTokenizer,
  ) {}

  static async open(): Promise<Workshop> {
    const folder = await mkdtemp(join(tmpdir(), 'palabra-adapters-'));
    await mkdir(join(folder, 'data'));
    const text = 'it is blue red green black white brown? user assistant city tree 0 1 2 3 4 5 '.repeat(4);
    const special = ['<END>', '<PAD>', ...specialTokens];
    const tokenizer = await BpeTokenizer.train(text, { vocabSize: 300, specialTokens: special });
    const shop = new Workshop(folder, tokenizer);
    await shop.#trainBase();
    return shop;
  }

  /** A base that writes answers, but doesn't know which is right. */
  async #trainBase(): Promise<void> {
    const records = colours.flatMap((_, shift) => listFacts('tree', 12, shift));
    const texts = colours.flatMap((a) => colours.map((b) => ({ text: `it is ${a} it is ${b}` })));
    await this.write('base.jsonl', [...records, ...texts]);
    const options = { tokenizer: this.tokenizer, template, length: 64, validation: 0 };
    const { train } = await openInstructions(join(this.data, 'base.jsonl'), options);
    await rm(join(this.data, 'base.jsonl'));
    manualSeed(1);
    const model = new Gpt({ vocabSize: this.tokenizer.size, contextLength: 64, width: 32, layers: 2, heads: 2 });
    const optimizer = { type: 'adamw', learningRate: 0.01 } as const;
    await new Trainer({ model, data: { train }, steps: 150, batchSize: 8, optimizer }).run();
    await saveModel(this.base, model, { tokenizer: this.tokenizer, chatTemplate: template });
    model.dispose();
  }

  get base(): string {
    return join(this.folder, 'base');
  }

  get store(): string {
    return join(this.folder, 'store');
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  async openModel(): Promise<LanguageModel> {
    return (await loadModel(this.base)).model;
  }

  async write(name: string, records: readonly unknown[]): Promise<void> {
    const lines = records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record)));
    await writeFile(join(this.data, name), lines.map((line) => `${line}\n`).join(''));
  }

  async writeText(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  /** Removes all data. */
  async empty(): Promise<void> {
    await rm(this.data, { recursive: true });
    await mkdir(this.data);
  }

  options(model: LanguageModel): TrainAdaptersOptions {
    return {
      ...{ model, tokenizer: this.tokenizer, template, data: this.data, store: this.store },
      ...{ adapter: { r: 8, loraDropout: 0 }, learningRate: 0.01, batchSize: 2, accumulation: 1, epochs: 12 },
      gate: { regression: 1e9, prompts: 0 },
    };
  }

  async train(changes: Partial<TrainAdaptersOptions> = {}): Promise<TrainAdaptersReport> {
    const model = await this.openModel();
    try {
      return await trainAdapters({ ...this.options(model), ...changes });
    } finally {
      model.dispose();
    }
  }
}
