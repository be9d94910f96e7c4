import { Command } from 'commander';
import { createChatVerifier, verifyRecords } from '../../../../logic/index.js';
import type { Output } from '../../../output.js';
import { readNumber, runStage } from './run-stage.js';
import type { StageFlags } from './run-stage.js';

interface Flags extends StageFlags {
  url: string;
  model: string;
  keyVariable?: string;
  inputPrice?: number;
  outputPrice?: number;
  journal?: string;
  minConfidence?: number;
  autoCorrect: boolean;
  keepUnverified?: boolean;
  maxUsd?: number;
  maxCalls?: number;
  maxTokens?: number;
  concurrency?: number;
}

/** `palabra logic verify-records FILE… --out FILE`; `palabra logic verify` judges arguments. */
export function createVerifyRecordsCommand(output: Output): Command {
  return new Command('verify-records')
    .description('Have a language model behind a chat endpoint judge whether formulas say what their sentences say.')
    .argument('<files...>', 'clean records')
    .requiredOption('--out <file>', 'confirmed and corrected records; counts go to FILE.stats.json')
    .requiredOption('--url <address>', 'the chat endpoint, as http://localhost:8080/v1/chat/completions')
    .requiredOption('--model <name>', 'the name that the endpoint knows it by')
    .option('--key-variable <name>', 'the environment variable that holds the key')
    .option('--input-price <usd>', 'US dollars for a million tokens of questions', readNumber)
    .option('--output-price <usd>', 'US dollars for a million tokens of answers', readNumber)
    .option('--journal <file>', 'verdicts, so that a rerun asks for none again (FILE.journal.jsonl)')
    .option('--rejects <file>', 'what was not kept, with the reason')
    .option('--min-confidence <share>', 'of a correction (0.7)', readNumber)
    .option('--no-auto-correct', 'refuse corrections')
    .option('--keep-unverified', 'keep what could not be judged')
    .option('--max-usd <usd>', 'begin no call past so much', readNumber)
    .option('--max-calls <number>', 'make no more calls', readNumber)
    .option('--max-tokens <number>', 'begin no call past so many', readNumber)
    .option('--concurrency <number>', 'calls at once (4)', readNumber)
    .option('--json', 'print the statistics as JSON')
    .action(async (files: string[], flags: Flags) => {
      await runStage(files, flags, output, async (records, signal) => {
        const result = await verifyRecords(records, { ...readOptions(flags), signal });
        const { stoppedBy } = result.statistics;
        if (stoppedBy !== undefined) output.err(`stopped by ${stoppedBy}; the journal keeps what is known\n`);
        return result;
      });
    });
}

function readOptions(flags: Flags): Parameters<typeof verifyRecords>[1] {
  const { out, url, model, keyVariable, inputPrice, outputPrice, journal, ...others } = flags;
  const { rejects: _rejects, json: _json, ...limits } = others;
  const prices = {
    ...(inputPrice === undefined ? {} : { inputPrice }),
    ...(outputPrice === undefined ? {} : { outputPrice }),
  };
  const verifier = createChatVerifier({ url, model, ...prices, ...(keyVariable === undefined ? {} : { keyVariable }) });
  return { verifier, journal: journal ?? `${out}.journal.jsonl`, ...limits };
}
