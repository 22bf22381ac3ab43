// Sends a task, and waits for its result.
import { randomUUID } from 'node:crypto';
import { Kafka, Partitioners, logLevel } from 'kafkajs';
import { openResults } from './results.mjs';

const servers = process.env.KAFKA_BOOTSTRAP_SERVERS ?? '127.0.0.1:9092';
const namespace = process.env.CELERIAC_NAMESPACE ?? 'celeriac';

const kafka = new Kafka({ clientId: 'shop', brokers: servers.split(','), logLevel: logLevel.ERROR });
const producer = kafka.producer({
  idempotent: true,
  maxInFlightRequests: 1, // more would not be idempotent in kafkajs
  createPartitioner: Partitioners.DefaultPartitioner, // places a key where Java's producers place it
});

async function send(task, queue = 'default') {
  await producer.send({
    topic: `${namespace}.tasks.${queue}`,
    acks: -1,
    messages: [{ key: task.key ?? task.unique?.key ?? task.id, value: JSON.stringify(task) }],
  });
}

await producer.connect();
const results = await openResults(kafka, `${namespace}.results`);
try {
  const task = { task: 'demo.add', id: randomUUID(), args: [2, 3] };
  await send(task);
  const { state, result, error } = await results.wait(task.id, 30_000);
  console.log(state, result, error ?? '');
} finally {
  await results.close();
  await producer.disconnect();
}
