package io.celeriac.results.materializer;

/**
 * How far the tables are in a partition.
 *
 * @param topicId that Kafka gave the topic, so that one made anew under the same name is told from the old one; empty where it was
 *     written before the column was
 * @param offset of the next record
 */
public record Position(String topicId, long offset) {

    /** Nothing of the partition is in the tables. */
    public static final Position NOTHING = new Position("", -1);

    /** Whether this is a place in the topic of that id. */
    boolean isIn(String topic) {
        return offset >= 0 && (topicId.isEmpty() || topicId.equals(topic));
    }
}
