package io.celeriac.client.outbox;

import io.celeriac.client.outbox.OutboxRepository.Batch;
import io.celeriac.client.outbox.OutboxRepository.Shard;
import io.celeriac.client.outbox.ShardSender.RefusedException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Sends what is stored in the outbox. Any number of processes may run one: a shard belongs to one of them at a time, and another takes
 * it over when its lease has ended.
 */
public final class OutboxRelay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    private static final long CLOSE_MILLIS = 10_000;

    /** How long rows for a topic that does not exist wait before it is looked for again. */
    private static final long TOPIC_MILLIS = 10_000;

    private final OutboxRepository outbox;
    private final Function<Shard, ShardSender> senders;
    private final Admin admin;
    private final OutboxProperties properties;
    private final InstantSource clock;

    private final String owner = UUID.randomUUID().toString();
    private final LinkedBlockingQueue<Boolean> stored = new LinkedBlockingQueue<>(1);
    private final Map<Integer, ShardSender> open = new HashMap<>();
    private final Map<Integer, Long> leases = new HashMap<>();

    /** How many rows of each shard are on their way. */
    private final Map<Integer, Integer> underway = new LinkedHashMap<>();

    private final Set<String> topics = new HashSet<>();
    private final Map<String, Long> missing = new HashMap<>();
    private final Thread thread = new Thread(this::run, "celeriac-outbox");
    private volatile boolean closed;
    private volatile @Nullable RelayFailure failure;
    private final LongAdder sent = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /**
     * @param senders opens the sender of a shard
     * @param admin closed by whoever made it
     */
    OutboxRelay(
            OutboxRepository outbox,
            Function<Shard, ShardSender> senders,
            Admin admin,
            OutboxProperties properties,
            InstantSource clock) {
        this.outbox = outbox;
        this.senders = senders;
        this.admin = admin;
        this.properties = properties;
        this.clock = clock;
        thread.setDaemon(true);
    }

    /** Begins to send. */
    public void start() {
        thread.start();
    }

    /** Tells that something was stored. */
    void wake() {
        stored.offer(true);
    }

    /** Why nothing can be sent at the moment; empty when the last pass went well. */
    Optional<RelayFailure> failing() {
        return Optional.ofNullable(failure);
    }

    /** How many rows were sent. */
    long sent() {
        return sent.sum();
    }

    /** How many rows were set aside. */
    long refused() {
        return refused.sum();
    }

    private void run() {
        try {
            while (!closed) {
                if (!pass()) {
                    await();
                }
            }
            end();
        } catch (Error e) {
            failed("The relay has ended: " + e, true);
            throw e;
        }
    }

    /** Sends one batch of each shard; true when there may be more. While the batch of one is on its way, that of the next is read. */
    private boolean pass() {
        var troubles = new ArrayList<RuntimeException>();
        var more = false;
        try {
            for (var shard : outbox.shards()) {
                more |= attempt(shard, troubles, () -> start(shard));
            }
        } catch (DataAccessException | TransactionException e) {
            troubles.add(e);
        }
        for (var shard : List.copyOf(underway.keySet())) {
            more |= attempt(shard, troubles, () -> complete(shard));
        }
        if (troubles.isEmpty()) {
            failure = null;
            return more;
        }
        tell(troubles.get(0));
        return false;
    }

    /** One step of a shard; when it fails, the other shards go on. */
    private boolean attempt(int shard, List<RuntimeException> troubles, Step step) {
        try {
            return step.run();
        } catch (RefusedException e) {
            LOG.error("Task {} in the outbox cannot be sent, and is set aside: {}", e.row.taskId(), e.getMessage());
            underway.remove(shard);
            return attempt(shard, troubles, () -> refuse(shard, e));
        } catch (RuntimeException e) {
            drop(shard);
            topics.clear(); // one of them may be gone
            troubles.add(e);
            return false;
        }
    }

    private interface Step {
        /** True when there may be more to send. */
        boolean run() throws RefusedException;
    }

    private void tell(RuntimeException e) {
        if (!(e instanceof KafkaException || e instanceof DataAccessException || e instanceof TransactionException)) {
            LOG.error("The outbox cannot be sent, will try again", e);
        } else if (failure == null) {
            LOG.warn("The outbox cannot be sent, will try again: {}", e.toString());
        }
        failed(String.valueOf(e.getMessage()), false);
    }

    private void failed(String why, boolean isFinal) {
        var before = failure;
        failure = new RelayFailure(why, before == null ? clock.instant() : before.since(), isFinal);
    }

    private void await() {
        try {
            stored.poll(properties.poll().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private boolean start(int shard) throws RefusedException {
        var sender = sender(shard);
        if (sender == null) {
            drop(shard);
            return false;
        }
        var batch = outbox.next(shard, owner, sender.sent(), properties.batch(), held());
        if (batch.isEmpty()) {
            return false;
        }
        var rows = withTopic(shard, batch.get());
        if (!rows.isEmpty()) { // otherwise all wait for their topics, which are held now
            sender.start(batch.get().number(), rows);
            underway.put(shard, rows.size());
        }
        return true;
    }

    private boolean complete(int shard) throws RefusedException {
        var sender = open.get(shard);
        if (sender != null) {
            sender.commit();
            sent.add(underway.getOrDefault(shard, 0));
        }
        underway.remove(shard);
        return true; // the next pass deletes them
    }

    private boolean refuse(int shard, RefusedException refusal) {
        outbox.refuse(shard, owner, refusal.row.id(), String.valueOf(refusal.getMessage()));
        refused.increment();
        return true;
    }

    /**
     * The sender of a shard, whose lease is renewed when half of it is over. A shard that is new here is opened.
     *
     * @return null when the shard is another's
     */
    private @Nullable ShardSender sender(int shard) {
        var now = clock.millis();
        var lease = properties.lease().toMillis();
        var known = open.get(shard);
        if (known != null && leases.getOrDefault(shard, 0L) - now > lease / 2) {
            return known;
        }
        var claimed = outbox.claim(shard, owner, now, now + lease);
        if (claimed.isEmpty()) {
            return null;
        }
        leases.put(shard, now + lease);
        return known == null ? opened(claimed.get()) : known;
    }

    private ShardSender opened(Shard shard) {
        var sender = senders.apply(shard);
        try {
            sender.begin();
        } catch (RuntimeException e) {
            sender.close();
            throw e;
        }
        open.put(shard.shard(), sender);
        return sender;
    }

    private void drop(int shard) {
        underway.remove(shard);
        var sender = open.remove(shard);
        if (sender != null) {
            sender.close();
        }
    }

    private Set<String> held() {
        var now = clock.millis();
        missing.values().removeIf(until -> until <= now);
        return Set.copyOf(missing.keySet());
    }

    /** The rows whose topics exist. The others go back, and wait: a worker makes the topic of its queue when it first starts. */
    private List<OutboxRow> withTopic(int shard, Batch batch) {
        var unknown = batch.rows().stream()
                .map(OutboxRow::topic)
                .filter(topic -> !topics.contains(topic))
                .collect(Collectors.toSet());
        for (var topic : unknown) {
            if (exists(topic)) {
                topics.add(topic);
            } else {
                LOG.warn("Tasks in the outbox wait for the topic {}, which does not exist", topic);
                missing.put(topic, clock.millis() + TOPIC_MILLIS);
            }
        }
        var waiting = new HashSet<Long>();
        var ready = new ArrayList<OutboxRow>();
        for (var row : batch.rows()) {
            if (missing.containsKey(row.topic())) {
                waiting.add(row.id());
            } else {
                ready.add(row);
            }
        }
        if (!waiting.isEmpty() && !outbox.putBack(shard, owner, waiting)) {
            return List.of(); // another relay has the batch, and takes all of it for sent if a part is
        }
        return ready;
    }

    private boolean exists(String topic) {
        try {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            if (e.getCause() instanceof TopicAuthorizationException || e.getCause() instanceof InvalidTopicException) {
                return true; // the send is refused, and says which row it is
            }
            throw new KafkaException("cannot look for the topic " + topic, e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void end() {
        for (var shard : Map.copyOf(open).entrySet()) {
            drop(shard.getKey());
            try {
                outbox.deleteSent(shard.getKey(), owner, shard.getValue().sent());
                outbox.release(shard.getKey(), owner);
            } catch (DataAccessException e) {
                LOG.info("Shard {} of the outbox is free when its lease ends: {}", shard.getKey(), e.toString());
            }
        }
    }

    /** Stops after the batch that is underway, and gives the shards back. */
    @Override
    public void close() {
        closed = true;
        wake();
        if (thread.isAlive()) {
            try {
                thread.join(CLOSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
