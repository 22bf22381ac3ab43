package io.celeriac.engine.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fence: a thread that was suspended for longer than its session may have lost its partitions, and asks before it logs. */
class ConsumerGateTest {

    private static final Duration SESSION = Duration.ofSeconds(45);
    private static final TopicPartition FIRST = new TopicPartition("celeriac.tasks.default", 0);
    private static final TopicPartition SECOND = new TopicPartition("celeriac.tasks.default", 1);
    private static final TopicPartition THIRD = new TopicPartition("celeriac.tasks.default", 2);

    private final MutableClock clock = MutableClock.at("2026-01-31T12:00:00Z");
    private final Group group = new Group();
    private final ConsumerGate gate = new ConsumerGate(group, clock, Duration.ZERO, SESSION, () -> 0);
    private final Consumer<byte[], byte[]> gated = gate.gated();

    /** Answers commits as the group would. */
    private final class Group extends MockConsumer<byte[], byte[]> {

        private final List<Map<TopicPartition, OffsetAndMetadata>> commits = new ArrayList<>();
        private final Queue<RuntimeException> failures = new ArrayDeque<>();
        private Duration pollTakes = Duration.ZERO;
        private ConsumerRebalanceListener listener;
        private int generation = 1;

        Group() {
            super("earliest");
        }

        @Override
        public void subscribe(Collection<String> topics, ConsumerRebalanceListener gateListener) {
            super.subscribe(topics, gateListener);
            listener = gateListener;
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            clock.advance(pollTakes);
            return super.poll(timeout);
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
            commits.add(Map.copyOf(offsets));
            if (!failures.isEmpty()) {
                throw failures.remove();
            }
            super.commitSync(offsets);
        }

        @Override
        public synchronized ConsumerGroupMetadata groupMetadata() {
            return GroupMembers.member(generation);
        }
    }

    /** A partition of the thread, of which nothing else is asked here. */
    private record Owned(TopicPartition source) implements ConsumerGate.Partition {

        @Override
        public boolean hasWork() {
            return false;
        }

        @Override
        public void beforePoll() {}

        @Override
        public boolean owesPass() {
            return false;
        }

        @Override
        public boolean isBusy() {
            return false;
        }

        @Override
        public Instant nextDue() {
            return null;
        }

        @Override
        public void settle() {}

        @Override
        public void log() {}

        @Override
        public boolean hasChanges() {
            return false;
        }

        @Override
        public boolean hasUnlogged() {
            return false;
        }

        @Override
        public void drain() {}

        @Override
        public boolean handOver(Duration patience) {
            return false;
        }

        @Override
        public void lost() {}
    }

    @BeforeEach
    void own() {
        gated.subscribe(List.of(FIRST.topic()), new Silent());
        group.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L, THIRD, 7L));
        group.rebalance(List.of(FIRST, SECOND, THIRD));
        List.of(FIRST, SECOND, THIRD).forEach(source -> gate.open(new Owned(source)));
    }

    private static final class Silent implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
    }

    @Test
    void asksNobodyWithinASessionOfItsLastPoll() throws Exception {
        clock.advance(SESSION);
        gate.requireMembership();
        poll();
        clock.advance(SESSION);
        gate.requireMembership();

        assertThat(group.commits).isEmpty();
    }

    /** A commit may change nothing: where this thread has none, it is what the group has, and else the beginning. */
    @Test
    void asksTheGroupAfterASessionByACommitThatChangesNothing() {
        group.commitSync(Map.of(FIRST, at(1), SECOND, at(20)));
        group.commits.clear();
        gate.committed(Map.of(FIRST, at(10)));
        pastSession();

        gate.requireMembership();

        assertThat(group.commits).containsExactly(Map.of(FIRST, at(10), SECOND, at(20), THIRD, at(7)));
    }

    @Test
    void asksOnceInASession() {
        pastSession();
        gate.requireMembership();
        clock.advance(SESSION);
        gate.requireMembership();
        assertThat(group.commits).hasSize(1);

        clock.advance(Duration.ofMillis(1));
        gate.requireMembership();
        assertThat(group.commits).hasSize(2);
    }

    /** Also every time after: what is not logged yet must not be logged later either. */
    @Test
    void isFencedWhenTheGroupKnowsTheThreadNoMore() {
        pastSession();
        for (int i = 0; i < 2; i++) {
            group.failures.add(new CommitFailedException());
            assertThatExceptionOfType(TaskMigratedException.class).isThrownBy(gate::requireMembership);
        }

        assertThat(group.commits).hasSize(2);
    }

    @Test
    void isAMemberStillWhileTheGroupRebalances() {
        pastSession();
        group.failures.add(new RebalanceInProgressException());
        gate.requireMembership();
        gate.requireMembership();

        assertThat(group.commits).hasSize(1);
    }

    /** What cannot be told is no yes: the flush fails, and with it the commit. */
    @Test
    void doesNotPassWhileTheGroupDoesNotAnswer() {
        pastSession();
        group.failures.add(new TimeoutException());
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(gate::requireMembership);

        gate.requireMembership();

        assertThat(group.commits).hasSize(2);
    }

    @Test
    void asksAgainWhenItIsWokenAsItAsks() {
        pastSession();
        group.failures.add(new WakeupException());

        gate.requireMembership();

        assertThat(group.commits).hasSize(2);
    }

    /** The process may have been suspended in the poll, which then returns what it had fetched before. */
    @Test
    void asksAfterAPollThatTookLongerThanASession() throws Exception {
        group.pollTakes = SESSION.plusMillis(1);
        poll();

        gate.requireMembership();

        assertThat(group.commits).hasSize(1);
    }

    @Test
    void isAMemberWhenTheGroupHasJustGivenItPartitions() {
        pastSession();
        group.listener.onPartitionsAssigned(List.of(THIRD));

        gate.requireMembership();

        assertThat(group.commits).isEmpty();
    }

    @Test
    void isAMemberWhenTheGroupHasJustAskedForPartitions() {
        pastSession();
        group.listener.onPartitionsRevoked(List.of(THIRD));

        gate.requireMembership();

        assertThat(group.commits).isEmpty();
    }

    @Test
    void knowsTheGenerationOfTheGroup() {
        assertThat(gate.generation()).isEqualTo(1);
        group.generation = 2;
        assertThat(gate.generation()).isEqualTo(2);
    }

    private void pastSession() {
        clock.advance(SESSION.plusMillis(1));
    }

    private static OffsetAndMetadata at(long offset) {
        return new OffsetAndMetadata(offset);
    }

    /** On a thread of its own, by which the gate is known from then on. */
    private void poll() throws Exception {
        var thread = Executors.newSingleThreadExecutor();
        try {
            thread.submit(() -> gated.poll(Duration.ZERO)).get();
        } finally {
            thread.shutdownNow();
        }
    }
}
