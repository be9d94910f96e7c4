import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { throwFileError } from '../../../core/index.js';
import { parseJson } from '../../inputs/parse-json.js';
import { MLflow } from '../../../training/index.js';

/** The file of a run folder that tells which run of a server of MLflow it is. */
const MLFLOW_FILE = 'mlflow.json';

/** Flags of a server that records a run. */
export interface TrackingFlags {
  mlflow?: string;
  mlflowExperiment?: string;
  mlflowRun?: string;
}

/** Gives a command the flags of a server that records its run. */
export function addTrackingFlags(command: Command): Command {
  return command
    .option(
      '--mlflow <url>',
      'record the run with a server of MLflow, as http://127.0.0.1:5000; it never stops a training',
    )
    .option('--mlflow-experiment <name>', 'the experiment there. Default: palabra')
    .option('--mlflow-run <name>', 'the name of the run there. Default: that of its folder');
}

/**
 * The callback that records a run with the server that flags name.
 * @param flags - of the command; the variables `MLFLOW_TRACKING_TOKEN`, or `MLFLOW_TRACKING_USERNAME` and `…_PASSWORD`, give
 *   access as they do to MLflow's own client
 * @returns none where no flag speaks of one
 * @throws ArgumentError for an address that does not begin with http:// or https://
 */
export function createTracking(flags: TrackingFlags): MLflow[] {
  const { mlflow, mlflowExperiment, mlflowRun } = flags;
  if ([mlflow, mlflowExperiment, mlflowRun].every((flag) => flag === undefined)) return [];
  const headers = findAccess(process.env);
  return [new MLflow({ trackingUri: mlflow, experiment: mlflowExperiment, runName: mlflowRun, headers })];
}

/** The same for a run that goes on: with the server that recorded it, where no flag names another. */
export async function resumeTracking(run: string, flags: TrackingFlags): Promise<MLflow[]> {
  const path = join(run, MLFLOW_FILE);
  if (flags.mlflow !== undefined || !existsSync(path)) return createTracking(flags);
  const text = await readFile(path, 'utf8').catch((error: unknown) => throwFileError('palabra resume', path, error));
  return createTracking({ ...flags, mlflow: (parseJson(path, text) as { trackingUri: string }).trackingUri });
}

function findAccess(env: NodeJS.ProcessEnv): Record<string, string> {
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password = '' } = env;
  if (token) return { authorization: `Bearer ${token}` };
  if (!user) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
