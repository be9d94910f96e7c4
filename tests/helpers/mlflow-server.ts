import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A value that was sent. */
export interface SentMetric {
  key: string;
  value: number | string;
  step: number;
  timestamp: number;
}
/** The body of a request. */
export interface SentBody {
  run_id?: string;
  metrics?: SentMetric[];
  params?: { key: string; value: string }[];
  status?: string;
}
/** A request and the status of its answer. */
interface Exchange {
  method: string;
  path: string;
  body: SentBody;
  status: number;
  authorization: string | undefined;
}

/** The answers of `mlflow server`, recorded by `tests/training/callbacks/mlflow/real-server.test.ts`. */
const recorded = JSON.parse(readFileSync('tests/training/callbacks/mlflow/answers.json', 'utf8')) as Record<
  string,
  { status: number; body: unknown }
>;

/** A server that answers as MLflow's did, but where `fail` says otherwise. */
export class RecordedServer {
  readonly exchanges: Exchange[] = [];
  fail: (path: string, count: number) => number | undefined = () => undefined;
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  bodies(path: string): SentBody[] {
    return this.exchanges.filter((one) => one.path === path && one.status === 200).map(({ body }) => body);
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    let text = '';
    for await (const piece of request) text += String(piece);
    const path = request.url!.split('?')[0]!.replace('/api/2.0/mlflow/', '');
    const known = this.exchanges.some((one) => one.path === 'experiments/create' && one.status === 200);
    const name = path === 'experiments/get-by-name' && !known ? `${path} (missing)` : path;
    const failing = this.fail(path, this.exchanges.filter((one) => one.path === path).length);
    const { status, body } = failing === undefined ? recorded[name]! : { status: failing, body: { message: 'no' } };
    const sent = text === '' ? {} : (JSON.parse(text) as SentBody);
    const { authorization } = request.headers;
    this.exchanges.push({ method: request.method!, path, body: sent, status, authorization });
    return { status, body };
  }
}
