"""Sends a workflow, and waits for its result."""

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
    "partitioner": "murmur2_random",
})


def confirm(error, record):
    if error is not None:
        raise RuntimeError(f"the broker has not taken the workflow: {error}")


results = Results(servers, f"{namespace}.results")
workflow = {
    "id": str(uuid.uuid4()),
    "name": "sums",
    "root": {
        "chord": {
            "header": [{"task": "demo.add", "args": [1, 2]}, {"task": "demo.add", "args": [3, 4]}],
            "body": {"task": "demo.sum"},
        }
    },
}
producer.produce(f"{namespace}.workflows", json.dumps(workflow), key=workflow["id"], on_delivery=confirm)
producer.flush()
result = results.wait(workflow["id"], 30)
print(result["state"], result.get("result"), result.get("error"))
