package io.celeriac.results.materializer;

/**
 * The place up to which the tables hold a partition.
 *
 * @param topicId Kafka's id of the topic, which tells a recreated topic from the old one of the same name; empty in rows older than the
 *     column
 * @param offset of the next record
 */
public record Position(String topicId, long offset) {

    /** Nothing of the partition is in the tables. */
    public static final Position NOTHING = new Position("", -1);

    /** True when this is a place in the topic of that id. */
    boolean isIn(String topic) {
        return offset >= 0 && (topicId.isEmpty() || topicId.equals(topic));
    }
}
