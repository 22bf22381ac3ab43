package io.celeriac.engine.consumer;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/** Members of a consumer group, for tests. */
public final class GroupMembers {

    private GroupMembers() {}

    /** A member that knows the group's generation. */
    @SuppressWarnings("removal") // its constructors are to go, and nothing else makes one
    public static ConsumerGroupMetadata member(int generation) {
        return new ConsumerGroupMetadata("group", generation, "member", Optional.empty());
    }
}
