package io.celeriac.controlweb.fleet;

import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.Heartbeat.Acknowledgement;
import io.celeriac.contract.control.Heartbeat.State;
import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.LiveSetting.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All workers of the installation and all live settings, as far as the topics have told of them. Safe for use by several threads.
 *
 * <p>Memory: a heartbeat for each worker that was heard of within a day.
 */
public final class Fleet {

    private static final Duration REMEMBERED = Duration.ofDays(1);

    /**
     * A worker.
     *
     * @param heartbeat its last one
     * @param seenAt when the heartbeat came here, or was made if it came before this program started
     */
    public record Seen(Heartbeat heartbeat, Instant seenAt) {

        /** Whether it has said nothing for so long that it must be gone, without having said so. */
        public boolean isLost(Instant now) {
            return heartbeat.state() != State.STOPPED && now.isAfter(seenAt.plus(Heartbeat.LOST_AFTER));
        }

        /** Whether it is up. */
        public boolean isLive(Instant now) {
            return heartbeat.state() != State.STOPPED && !isLost(now);
        }
    }

    private record Waiter(BooleanSupplier condition, CompletableFuture<Void> done) {}

    private final InstantSource clock;
    private final ConcurrentMap<String, Seen> workers = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LiveSetting> settings = new ConcurrentHashMap<>();
    private final SettingLog changes = new SettingLog();
    private final List<Waiter> waiters = new CopyOnWriteArrayList<>();
    private volatile @Nullable Instant brokerAnsweredAt;
    private volatile boolean isUpToDate; // with the heartbeats that there were when reading began
    private volatile long settingsRead = -1; // offset after the last setting that was read

    public Fleet(InstantSource clock) {
        this.clock = clock;
    }

    /** Takes a heartbeat. */
    void heard(Heartbeat heartbeat, Instant at) {
        workers.put(heartbeat.id(), new Seen(heartbeat, at));
        tell();
    }

    /**
     * Takes a setting.
     *
     * @param offset of its record
     */
    void set(LiveSetting setting, ChangeTerms terms, long offset) {
        changes.read(setting, terms, offset);
        if (setting.isSet()) {
            settings.put(setting.key(), setting);
        } else {
            settings.remove(setting.key());
        }
    }

    /** Which of several changes at once hold. */
    SettingLog changes() {
        return changes;
    }

    /** Takes a setting back whose record was deleted. */
    void unset(String key) {
        changes.forget(key);
        settings.remove(key);
    }

    /** Called when all settings before an offset were read. */
    void settingsReadTo(long offset) {
        settingsRead = offset;
        tell();
    }

    /** Called when the broker has answered, with heartbeats or without. */
    void brokerAnswered() {
        brokerAnsweredAt = clock.instant();
    }

    /**
     * Called after each look at the topic.
     *
     * @param isUpToDate whether the heartbeats were read that there were when reading began
     */
    void heartbeatsRead(boolean isUpToDate) {
        this.isUpToDate = isUpToDate;
    }

    /** Whether it is known which workers are up: their heartbeats were read, and the broker answers. */
    public boolean isKnown() {
        var answered = brokerAnsweredAt;
        return isUpToDate && answered != null && isRecent(answered, clock.instant());
    }

    private static boolean isRecent(Instant answered, Instant now) {
        return now.isBefore(answered.plus(Heartbeat.EVERY.multipliedBy(2)));
    }

    /** Until when heartbeats were listened to. While the broker is away, a worker is not lost for its silence. */
    public Instant listenedUntil() {
        var now = clock.instant();
        var answered = brokerAnsweredAt;
        return answered == null || isRecent(answered, now) ? now : answered;
    }

    /** Forgets workers that were not heard of for a day. */
    void forgetOld() {
        var oldest = clock.instant().minus(REMEMBERED);
        workers.values().removeIf(seen -> seen.seenAt().isBefore(oldest));
    }

    /** All workers that are known, by id. */
    public List<Seen> all() {
        return workers.values().stream()
                .sorted(Comparator.comparing(seen -> seen.heartbeat().id()))
                .toList();
    }

    /** The workers that are up, by id. */
    public List<Seen> live() {
        var now = listenedUntil();
        return all().stream().filter(seen -> seen.isLive(now)).toList();
    }

    /** A worker by its id. */
    public Optional<Seen> find(String id) {
        return Optional.ofNullable(workers.get(id));
    }

    /** The live setting of a target; empty if there is none. */
    public Optional<LiveSetting> setting(Kind kind, String target) {
        return Optional.ofNullable(settings.get(LiveSetting.key(kind, target)));
    }

    /** All live settings of a kind, by target. */
    public List<LiveSetting> settings(Kind kind) {
        return settings.values().stream()
                .filter(setting -> setting.kind() == kind)
                .sorted(Comparator.comparing(LiveSetting::target))
                .toList();
    }

    /**
     * Waits until the settings before an offset were read.
     *
     * @return whether they were; completes after {@code patience} at the latest
     */
    CompletableFuture<Boolean> awaitSettings(long offset, Duration patience) {
        return await(() -> settingsRead >= offset, patience).thenApply(done -> settingsRead >= offset);
    }

    /**
     * Waits until workers have acknowledged a change or a command.
     *
     * @param who is asked; each that is lost meanwhile counts as missing
     * @return who has acknowledged and who has not, after {@code patience} at the latest
     */
    CompletableFuture<Acknowledgements> awaitAcknowledgements(String id, Collection<String> who, Duration patience) {
        Supplier<Acknowledgements> now = () -> acknowledgements(id, who);
        return await(() -> now.get().missing().isEmpty(), patience).thenApply(done -> now.get());
    }

    private Acknowledgements acknowledgements(String id, Collection<String> who) {
        var acknowledged = new ArrayList<Acknowledgements.ByWorker>();
        var missing = new ArrayList<String>();
        for (var worker : who) {
            find(worker)
                    .flatMap(seen -> acknowledgement(seen.heartbeat(), id))
                    .ifPresentOrElse(
                            one -> acknowledged.add(new Acknowledgements.ByWorker(worker, one.at(), one.failure())),
                            () -> missing.add(worker));
        }
        return new Acknowledgements(acknowledged, missing);
    }

    private static Optional<Acknowledgement> acknowledgement(Heartbeat heartbeat, String id) {
        return heartbeat.acknowledged().stream()
                .filter(one -> one.id().equals(id))
                .findFirst();
    }

    private CompletableFuture<Void> await(BooleanSupplier condition, Duration patience) {
        var waiter = new Waiter(condition, new CompletableFuture<>());
        waiters.add(waiter);
        tell(); // it may hold already
        return waiter.done()
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, error) -> waiters.remove(waiter));
    }

    private void tell() {
        for (var waiter : waiters) {
            if (waiter.condition().getAsBoolean()) {
                waiter.done().complete(null);
            }
        }
    }

    /** Who has carried out a change or a command, and who has not. */
    public record Acknowledgements(List<ByWorker> acknowledged, List<String> missing) {

        /**
         * The answer of a worker.
         *
         * @param at when it carried it out
         * @param failure why it did not; absent when it did
         */
        public record ByWorker(
                String worker, Instant at, @Nullable String failure) {}
    }
}
