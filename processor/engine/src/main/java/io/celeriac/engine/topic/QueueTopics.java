package io.celeriac.engine.topic;

import io.celeriac.contract.topic.TopicProperties;

/**
 * The topics and the group that a queue's workers share on the broker.
 *
 * @param queue name of the queue
 * @param tasks the topic of its tasks
 * @param group the consumer group of its workers
 * @param changelog the topic that restores its unfinished tasks
 */
public record QueueTopics(String queue, String tasks, String group, String changelog) {

    public static QueueTopics of(String queue, TopicProperties settings) {
        var topics = settings.topics();
        var group = topics.workerGroup(queue);
        return new QueueTopics(queue, topics.tasks(queue), group, topics.unfinishedTasks(queue));
    }
}
