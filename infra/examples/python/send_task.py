"""Sends a task, and waits for its result."""

import json
import os
import uuid

from confluent_kafka import Producer

from results import Results

servers = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092")
namespace = os.environ.get("CELERIAC_NAMESPACE", "celeriac")

producer = Producer({
    "bootstrap.servers": servers,
    "acks": "all",
    "enable.idempotence": True,
    "partitioner": "murmur2_random",  # places a key where Java's producers place it
})


def confirm(error, record):
    if error is not None:
        raise RuntimeError(f"the broker has not taken the task: {error}")


def send(task, queue="default"):
    producer.produce(
        f"{namespace}.tasks.{queue}",
        json.dumps(task),
        key=task.get("key") or task.get("unique", {}).get("key") or task["id"],
        on_delivery=confirm,
    )


results = Results(servers, f"{namespace}.results")
task = {"task": "demo.add", "id": str(uuid.uuid4()), "args": [2, 3]}
send(task)
producer.flush()
result = results.wait(task["id"], 30)
print(result["state"], result.get("result"), result.get("error"))
