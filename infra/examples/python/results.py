"""Waits for the ends of tasks and workflows on the results topic."""

import json
import time

from confluent_kafka import Consumer, TopicPartition

FINAL = {"SUCCESS", "FAILURE", "REVOKED"}


class Results:
    """Reads the results from the moment on when it is made. So make it before you send."""

    def __init__(self, servers, topic):
        # The client asks for a group, but assign() joins none.
        self.consumer = Consumer({"bootstrap.servers": servers, "group.id": "results", "enable.auto.commit": False})
        partitions = [TopicPartition(topic, number) for number in self.consumer.list_topics(topic, 10).topics[topic].partitions]
        for partition in partitions:
            partition.offset = self.consumer.get_watermark_offsets(partition, 10)[1]
        self.consumer.assign(partitions)

    def wait(self, id, seconds):
        """The result of a task or a workflow, once it has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            record = self.consumer.poll(1)
            if record is None or record.error() or record.key() != id.encode() or record.value() is None:
                continue
            result = json.loads(record.value())
            if result["state"] in FINAL:
                return result
        raise TimeoutError(f"{id} has not ended")
