// Waits for the ends of tasks and workflows on the results topic.
import { randomUUID } from 'node:crypto';

const FINAL = new Set(['SUCCESS', 'FAILURE', 'REVOKED']);

/** Reads the results from now on. So call it before you send; wait(id, milliseconds) then answers the result. */
export async function openResults(kafka, topic) {
  const groupId = `results-${randomUUID()}`; // kafkajs reads in groups only
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.setOffsets({ groupId, topic, partitions: ends.map(({ partition, high }) => ({ partition, offset: high })) });

  const ended = new Map(); // a process that runs for long keeps only the ids that it waits for
  const waiting = new Map();
  const consumer = kafka.consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topic });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const result = message.value && JSON.parse(message.value);
      if (result && FINAL.has(result.state)) {
        ended.set(result.id, result);
        waiting.get(result.id)?.(result);
      }
    },
  });

  return {
    wait: (id, milliseconds) => {
      if (ended.has(id)) return Promise.resolve(ended.get(id));
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${id} has not ended`)), milliseconds);
        waiting.set(id, (result) => (clearTimeout(timer), resolve(result)));
      });
    },
    close: async () => {
      await consumer.disconnect();
      await admin.deleteGroups([groupId]);
      await admin.disconnect();
    },
  };
}
