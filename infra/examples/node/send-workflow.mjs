// Sends a workflow, and waits for its result.
import { randomUUID } from 'node:crypto';
import { Kafka, Partitioners, logLevel } from 'kafkajs';
import { openResults } from './results.mjs';

const servers = process.env.KAFKA_BOOTSTRAP_SERVERS ?? '127.0.0.1:9092';
const namespace = process.env.CELERIAC_NAMESPACE ?? 'celeriac';

const kafka = new Kafka({ clientId: 'shop', brokers: servers.split(','), logLevel: logLevel.ERROR });
const producer = kafka.producer({
  idempotent: true,
  maxInFlightRequests: 1,
  createPartitioner: Partitioners.DefaultPartitioner,
});

await producer.connect();
const results = await openResults(kafka, `${namespace}.results`);
try {
  const workflow = {
    id: randomUUID(),
    name: 'sums',
    root: {
      chord: {
        header: [{ task: 'demo.add', args: [1, 2] }, { task: 'demo.add', args: [3, 4] }],
        body: { task: 'demo.sum' },
      },
    },
  };
  await producer.send({
    topic: `${namespace}.workflows`,
    acks: -1,
    messages: [{ key: workflow.id, value: JSON.stringify(workflow) }],
  });
  const { state, result, error } = await results.wait(workflow.id, 30_000);
  console.log(state, result, error ?? '');
} finally {
  await results.close();
  await producer.disconnect();
}
